import type { z } from 'zod';

/** Text from outside becomes a value only through a schema. Throws SyntaxError or ZodError. */
export function parseJson<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  return schema.parse(JSON.parse(text));
}
