/** The same change from a command line: cookie and CSRF token of a session stand in for the browser. */
export function curlOf(
  method: string,
  path: string,
  body: unknown,
  extra: Readonly<Record<string, string>> = {},
): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const headers = { 'content-type': 'application/json', ...extra };
  return [
    `curl -X ${method} "$BERTH${path}" \\`,
    `  -b "berth_session=$BERTH_SESSION" -H "x-csrf-token: $BERTH_CSRF" \\`,
    ...Object.entries(headers).map(([name, value]) => `  -H ${quote(`${name}: ${value}`)} \\`),
    `  -d ${quote(JSON.stringify(body, null, 2))}`,
  ].join('\n');
}
