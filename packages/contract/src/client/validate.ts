import { ChampionError } from '@champion/core';
import { z } from 'zod';
import type { Route } from '../route.ts';
import { type OperationId, routes } from '../routes.ts';

/** Holds an answer, or an event of a stream, against the contract. Throws INTERNAL: one of the two sides is wrong. */
export function checkAnswer(operationId: OperationId, status: number | 'event', body: unknown): void {
  const route: Route = routes[operationId];
  const schema = status === 'event' ? route.stream : route.responses[status];
  // A success that the table does not name, with a body or without, is as wrong as a wrong body.
  const expected = schema ?? (schema === null ? z.undefined() : z.never());
  const result = expected.safeParse(body);
  if (result.success) return;
  throw new ChampionError(`${operationId} answered ${status} with what the contract does not know`, {
    code: 'INTERNAL',
    hint: z.prettifyError(result.error),
    context: { operation: operationId, status },
  });
}
