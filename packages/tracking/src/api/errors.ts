import { ChampionError, type ErrorCode } from '@champion/core';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { FilterError } from '../filter/filter-error.ts';
import { invalid, type MlflowErrorCode } from '../refusal.ts';

/**
 * An error as MLflow's clients know it; `hint` is for people who look at the answer itself. Of a filter that cannot be
 * understood it says the place too, an offset in UTF-16 code units: the tracking app marks it.
 */
export interface ErrorAnswer {
  readonly status: ContentfulStatusCode;
  readonly body: {
    readonly error_code: MlflowErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly position?: number;
    readonly expected?: string;
    readonly found?: string;
  };
}

const STATUS: Readonly<Record<MlflowErrorCode, ContentfulStatusCode>> = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  // Clients try this one again.
  TEMPORARILY_UNAVAILABLE: 503,
};

const BY_CODE: Partial<Record<ErrorCode, MlflowErrorCode>> = {
  INVALID_INPUT: 'INVALID_PARAMETER_VALUE',
  NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  UNREACHABLE: 'TEMPORARILY_UNAVAILABLE',
};

/** The answer to whatever was thrown. What is nobody's refusal is told in general words only. */
export function answerTo(thrown: unknown): ErrorAnswer {
  if (!(thrown instanceof ChampionError)) {
    return errorAnswer('INTERNAL_ERROR', 'The tracking server failed; its log says why');
  }
  const named = thrown.context.error_code;
  const errorCode = isMlflowErrorCode(named) ? named : (BY_CODE[thrown.code] ?? 'INTERNAL_ERROR');
  const { status, body } = errorAnswer(errorCode, thrown.message, thrown.hint);
  if (!(thrown instanceof FilterError)) return { status, body };
  const { position, expected, found } = thrown;
  return { status, body: { ...body, position, expected, ...(found === undefined ? {} : { found }) } };
}

/** Clients show the message alone, so the hint goes into it too. */
export function errorAnswer(errorCode: MlflowErrorCode, message: string, hint?: string): ErrorAnswer {
  const full = hint === undefined ? message : `${message.replace(/\.$/, '')}. ${hint}`;
  return {
    status: STATUS[errorCode],
    body: { error_code: errorCode, message: full, ...(hint === undefined ? {} : { hint }) },
  };
}

/** What of a request's body does not fit, in MLflow's words. */
export function misfit(error: z.ZodError): ChampionError {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).reduce<string>((all, part) => {
    if (typeof part === 'number') return `${all}[${part}]`;
    return all === '' ? String(part) : `${all}.${String(part)}`;
  }, '');
  const absent = issue?.code === 'too_small' || (issue?.code === 'invalid_type' && issue.input === undefined);
  const message = absent
    ? `Missing value for required parameter '${path}'.`
    : `Invalid value for parameter '${path}' supplied: ${issue?.message ?? 'it does not fit'}.`;
  return invalid(message, 'See the API docs for more information about request parameters.', { path });
}

function isMlflowErrorCode(word: unknown): word is MlflowErrorCode {
  return typeof word === 'string' && Object.hasOwn(STATUS, word);
}
