import type { Context } from 'hono';
import type { z } from 'zod';
import { invalid } from '../refusal.ts';
import { misfit } from './errors.ts';

/** One call of the API: how it is asked for and what answers. Every success is a JSON object. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly answer: (c: Context) => Promise<object>;
}

export function get<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  work: (asked: z.output<Schema>) => Promise<object>,
): Route {
  return { method: 'GET', path, answer: async (c) => work(checked(schema, queryOf(c))) };
}

/** @param maxBytes how long the body may be */
export function post<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  work: (asked: z.output<Schema>) => Promise<object>,
  maxBytes?: number,
): Route {
  return { method: 'POST', path, answer: async (c) => work(checked(schema, await bodyOf(c, maxBytes))) };
}

function checked<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given, { reportInput: true });
  if (!parsed.success) throw misfit(parsed.error);
  return parsed.data;
}

/** A parameter that comes several times is a list. */
function queryOf(c: Context): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/** An absent body is an empty object, as for MLflow's own server. */
async function bodyOf(c: Context, maxBytes = Number.POSITIVE_INFINITY): Promise<unknown> {
  const text = await c.req.text();
  const size = Buffer.byteLength(text);
  if (size > maxBytes) {
    const message = `Batched logging API requests must be at most ${maxBytes} bytes, got a request of size ${size}.`;
    throw invalid(message, 'Send several smaller batches.');
  }
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`The request's body is not JSON: ${error instanceof Error ? error.message : error}`, 'Send JSON.');
  }
}
