import { z } from 'zod';
import { ERROR_CODES } from '../problem.ts';
import { JsonObject } from './common.ts';

/** Every answer of 400 and above. `detail` and `exception_…` are what Prefect's clients read; the rest is ours. */
export const Problem = z
  .object({
    /** The message again: Prefect's clients show this one. */
    detail: z.unknown(),
    code: z.enum(ERROR_CODES).optional(),
    /** What happened, and to what. */
    message: z.string().optional(),
    /** What to do about it, one sentence. */
    hint: z.string().optional(),
    /** The evidence. */
    context: JsonObject.optional(),
    /** Whether asking again can help: never, after a growing delay, or after `after` milliseconds. */
    retry: z.union([z.enum(['never', 'backoff']), z.object({ after: z.number() })]).optional(),
    exception_message: z.string().optional(),
    /** What is wrong with the request, field by field. */
    exception_detail: z
      .array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string(), type: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' });

/** An error as it is kept with a run. */
export const ErrorInfo = z
  .object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    context: JsonObject.optional(),
    cause: z.string().optional(),
  })
  .meta({ id: 'ErrorInfo' });
