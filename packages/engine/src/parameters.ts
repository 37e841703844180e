import { ChampionError, closest } from '@champion/core';
import { z } from 'zod';

const SHOWN_LENGTH = 80;

/**
 * Checks what a caller gave for a flow's parameters; the defaults are filled in.
 * @throws ChampionError INVALID_INPUT that names every wrong parameter, what was given and what is expected
 */
export function parseParameters(flowName: string, schema: z.ZodObject, given: unknown): Record<string, unknown> {
  const checked = schema.strict().safeParse(given ?? {});
  if (checked.success) return checked.data;
  const known = Object.keys(schema.shape);
  const complaints = checked.error.issues.flatMap((issue) => complain(issue, given, known));
  const count = complaints.length === 1 ? 'A parameter' : `${complaints.length} parameters`;
  throw new ChampionError(
    [`${count} of ${flowName} can't be used:`, ...complaints.map((line) => `  ${line}`), describeKnown(schema)].join(
      '\n',
    ),
    { code: 'INVALID_INPUT', context: { flow: flowName, complaints } },
  );
}

function complain(issue: z.core.$ZodIssue, given: unknown, known: readonly string[]): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = closest(key, known);
      return `${key}: there is no such parameter${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    });
  }
  const path = issue.path.map(String).join('.') || 'parameters';
  const value = valueAt(given, issue.path);
  return [`${path}: got ${value === undefined ? 'nothing' : shorten(JSON.stringify(value))}, ${expectation(issue)}`];
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return `but: ${issue.message}`;
}

function describeKnown(schema: z.ZodObject): string {
  const names = Object.entries(schema.shape).map(([name, field]) => {
    const empty = z.safeParse(field, undefined);
    if (!empty.success) return `${name} (required)`;
    return empty.data === undefined ? `${name} (optional)` : `${name} (default ${shorten(JSON.stringify(empty.data))})`;
  });
  return names.length === 0 ? 'It takes no parameters.' : `Its parameters: ${names.join(', ')}.`;
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    given ?? {},
  );
}

function shorten(text: string): string {
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}
