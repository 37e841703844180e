import { ChampionError } from '@champion/core';
import type { z } from 'zod';
import type { Issue } from './problem.ts';
import type { Route } from './route.ts';

/** A request as it arrives: text in path and query, and whatever JSON the body holds (undefined: none). */
export interface RawRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const MAX_ISSUES = 20;

/**
 * Checks a request against its route. Fields that the schemas do not name are left out: clients of other versions send
 * them.
 * @throws ChampionError INVALID_INPUT with `context.issues`, one for each field that is wrong
 */
export function parseRequest(route: Route, raw: RawRequest): { params?: unknown; query?: unknown; body?: unknown } {
  const issues: Issue[] = [];
  const check = (where: string, schema: z.ZodType, value: unknown): unknown => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message, code } of result.error.issues) {
      const loc = path.map((key) => (typeof key === 'number' ? key : String(key)));
      issues.push({ loc: [where, ...loc], msg: message, type: code });
    }
    return undefined;
  };
  const parsed = {
    ...(route.params ? { params: check('path', route.params, raw.params) } : {}),
    ...(route.query ? { query: check('query', route.query, readQuery(route.query, raw.query)) } : {}),
    ...(route.body ? { body: check('body', route.body, raw.body ?? {}) } : {}),
  };
  if (issues.length === 0) return parsed;
  throw new ChampionError(`${route.method} ${route.path}: ${issues.slice(0, 3).map(describe).join('; ')}`, {
    code: 'INVALID_INPUT',
    hint: 'The document /api/openapi.json says what this route takes.',
    context: { issues: issues.slice(0, MAX_ISSUES) },
  });
}

function describe({ loc, msg }: Issue): string {
  return `${loc.join('.')}: ${msg}`;
}

/** A query string holds text alone: what the schema wants as a number, a boolean or a list is read as such. */
function readQuery(schema: z.ZodObject, query: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const texts = query.getAll(name);
    const [text] = texts;
    if (text === undefined) continue;
    const kind = kindOf(field);
    if (kind === 'array') values[name] = texts.flatMap((part) => (part === '' ? [] : part.split(',')));
    else if (kind === 'number') values[name] = text.trim() === '' ? text : Number(text);
    else if (kind === 'boolean') values[name] = text === 'true' ? true : text === 'false' ? false : text;
    else values[name] = text;
  }
  return values;
}

/** What a field is beneath its optionality. */
function kindOf(field: z.core.$ZodType): string {
  let { def } = field._zod;
  while ('innerType' in def) def = (def.innerType as z.core.$ZodType)._zod.def;
  return def.type;
}
