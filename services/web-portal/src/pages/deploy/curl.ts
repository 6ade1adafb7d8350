import { pathTo, routes } from '@berth/api';
import type { EnvironmentName } from '@berth/contracts';
import { deployBodyOf, type DeployDraft } from './draft.js';

/** Stands in the body where a version comes from the answer of a call before; no value of a form has this character. */
const mark = '\u0000version:';
const marked = /"\\u0000version:(\w+)"/g;
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The same deploy from a shell, with a token of one's own. Secrets are sealed before it: their values are taken from shell
 * variables and are in no text. The same key again is the same operation.
 */
export function curlOfDeploy(
  origin: string,
  place: { readonly project: string; readonly environment: EnvironmentName },
  draft: DeployDraft,
): string {
  const service = draft.code.trim() || 'CODE';
  const secrets = draft.spec.variables.filter((row) => row.secret && row.name !== '').map(({ name }) => name);
  const body = deployBodyOf({ ...draft, code: service });
  const variables = body.spec.variables?.map((row) =>
    'secret' in row ? { name: row.name, secret: { name: row.secret.name, version: `${mark}${row.secret.name}` } } : row,
  );
  const text = quote(JSON.stringify({ ...body, spec: { ...body.spec, variables } }, null, 2));
  return [
    `BERTH=${quote(origin)}\nKEY=${service}-$(date +%s)`,
    ...secrets.map((name) => seal(name, pathTo(routes.putSecret, { ...place, service, name }))),
    [
      `curl -sS --fail-with-body -X POST "$BERTH${pathTo(routes.deployService, place)}" \\`,
      `  -H "authorization: Bearer $BERTH_TOKEN" \\`,
      `  -H "idempotency-key: $KEY" \\`,
      `  -H 'content-type: application/json' \\`,
      `  -d ${text.replace(marked, `'"$VERSION_$1"'`)}`,
    ].join('\n'),
  ].join('\n\n');
}

function seal(name: string, path: string): string {
  return [
    `VERSION_${name}=$(jq -n --arg value "$SECRET_${name}" '{$value}' |`,
    `  curl -sS --fail-with-body -X PUT "$BERTH${path}" \\`,
    `  -H "authorization: Bearer $BERTH_TOKEN" \\`,
    `  -H 'content-type: application/json' -d @- | jq -e .version) &&`,
  ].join('\n');
}
