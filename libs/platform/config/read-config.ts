import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** The configuration cannot be used; the message has one line a problem and no values. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
}

/**
 * Reads the fields of `schema` from the environment. `<NAME>_FILE` names a file with the value of `<NAME>`, for secrets.
 * An empty variable counts as not given.
 * @throws ConfigInvalid with every problem at once.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv = process.env): z.output<S> {
  const problems: string[] = [];
  const raw: Record<string, string> = {};
  for (const key of Object.keys(schema.shape)) {
    const given = env[key] || undefined;
    const file = env[`${key}_FILE`] || undefined;
    if (given !== undefined && file !== undefined) problems.push(`${key}: give it or ${key}_FILE, not both`);
    const value = given ?? (file === undefined ? undefined : readValue(key, file, problems));
    if (value !== undefined) raw[key] = value;
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => describeIssue(schema, issue)));
  if (problems.length > 0 || !parsed.success)
    throw new ConfigInvalid(`the configuration is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  return parsed.data;
}

/** The configuration as it may be printed: secrets are `***`, passwords in addresses too. */
export function describeConfig(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (/PASSWORD|SECRET|TOKEN|CREDENTIAL|_KEY$/.test(key)) return [key, value === undefined ? undefined : '***'];
      return [key, typeof value === 'string' ? value.replace(/(:\/\/[^:/@\s]*):[^@/\s]+@/, '$1:***@') : value];
    }),
  );
}

function readValue(key: string, file: string, problems: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${key}_FILE: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function describeIssue(schema: z.ZodObject, issue: { path: PropertyKey[]; message: string }): string {
  const key = String(issue.path[0] ?? '');
  const field = schema.shape[key] as z.ZodType | undefined;
  const about = field?.description ? ` (${field.description})` : '';
  return `${key}: ${issue.message}${about}`;
}
