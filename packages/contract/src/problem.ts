import { ChampionError, type ErrorCode, type Retry, toErrorRecord } from '@champion/core';

/** The HTTP status of each kind of error. Prefect's clients ask again by themselves at 408, 429, 502 and 503. */
const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 422,
  NOT_FOUND: 404,
  MISSING: 404,
  NOT_PUBLISHED_YET: 409,
  BUSY: 409,
  CANCELLED: 409,
  CORRUPT: 500,
  CONFIG: 500,
  INTERNAL: 500,
  BLOCKED: 503,
  UNREACHABLE: 503,
  STORE_FAILED: 503,
  TIMEOUT: 504,
};

export const ERROR_CODES = Object.keys(STATUS_OF) as [ErrorCode, ...ErrorCode[]];

/** What is wrong with one field of a request. */
export interface Issue {
  /** Where it stands: ["body", "parameters", "trade_date"]. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

export interface ProblemBody {
  readonly detail: unknown;
  readonly code?: ErrorCode;
  readonly message?: string;
  readonly hint?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly retry?: Retry;
  readonly exception_message?: string;
  readonly exception_detail?: readonly Issue[];
}

export interface ProblemResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;
}

/**
 * The answer to a request that failed. What is no ChampionError is a mistake of the server's own: its text may hold
 * anything, so the client is told only that, and the log the rest.
 */
export function toProblem(thrown: unknown): ProblemResponse {
  const { code, message, hint, context, retry } = isChampionError(thrown)
    ? toErrorRecord(thrown)
    : toErrorRecord(
        new ChampionError('the server failed to answer', {
          code: 'INTERNAL',
          hint: "Look into the server's log; if it goes on, report it with what stands there.",
        }),
      );
  const { issues, ...evidence } = context;
  return {
    status: STATUS_OF[code] ?? 500,
    headers: typeof retry === 'object' ? { 'retry-after': String(Math.max(1, Math.ceil(retry.after / 1000))) } : {},
    body: {
      detail: message,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      context: evidence,
      retry,
      ...(areIssues(issues) ? { exception_message: 'Invalid request received.', exception_detail: issues } : {}),
    },
  };
}

/** The error that a client throws for an answer of 400 and above: the server's own where it said one. */
export function errorOfAnswer(
  answer: { readonly status: number; readonly retryAfter: string | null; readonly text: string },
  request: { readonly method: string; readonly url: string },
): ChampionError {
  const { status } = answer;
  const body = readProblem(answer.text);
  const code = isErrorCode(body.code) ? body.code : codeOfStatus(status);
  const seconds = Number(answer.retryAfter);
  const waits = answer.retryAfter !== null && Number.isFinite(seconds) && seconds >= 0;
  const hint = typeof body.hint === 'string' ? body.hint : hintOf(status);
  const issues = areIssues(body.exception_detail) ? { issues: body.exception_detail } : {};
  return new ChampionError(messageOf(body, status), {
    code,
    retry: isRetry(body.retry)
      ? body.retry
      : waits
        ? { after: seconds * 1000 }
        : status >= 500 || status === 429
          ? 'backoff'
          : 'never',
    ...(hint === undefined ? {} : { hint }),
    context: { ...evidenceOf(body.context), ...issues, request: `${request.method} ${request.url}`, status },
  });
}

/** What another server says under these names may be anything, so only what is of the right kind is taken. */
function readProblem(text: string): Readonly<Partial<Record<keyof ProblemBody, unknown>>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(STATUS_OF, value);
}

function isRetry(value: unknown): value is Retry {
  if (value === 'never' || value === 'backoff') return true;
  return typeof value === 'object' && value !== null && 'after' in value && typeof value.after === 'number';
}

function messageOf(body: ReturnType<typeof readProblem>, status: number): string {
  const { message, detail, exception_message, exception_detail } = body;
  if (typeof message === 'string') return message;
  if (typeof detail === 'string') return detail;
  if (typeof exception_message === 'string') return `${exception_message} ${JSON.stringify(exception_detail ?? [])}`;
  if (detail !== undefined) return JSON.stringify(detail);
  return `the server answered with status ${status}`;
}

function evidenceOf(context: unknown): object {
  return typeof context === 'object' && context !== null ? context : {};
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'CONFIG';
  if (status === 404) return 'NOT_FOUND';
  if (status === 408 || status === 504) return 'TIMEOUT';
  if (status === 409 || status === 429) return 'BUSY';
  if (status === 502 || status === 503) return 'UNREACHABLE';
  return status < 500 ? 'INVALID_INPUT' : 'INTERNAL';
}

function hintOf(status: number): string | undefined {
  if (status === 401 || status === 403) return "Set CHAMPION_API_KEY to the server's key.";
  if (status === 404) return 'Check the name or id; if the server is of another version, bring both to the same one.';
  return undefined;
}

/** Errors from another copy of core, or restored ones, have the fields without the class. */
function isChampionError(thrown: unknown): thrown is ChampionError {
  return thrown instanceof Error && 'code' in thrown && isErrorCode(thrown.code) && 'retry' in thrown;
}

function areIssues(value: unknown): value is readonly Issue[] {
  return Array.isArray(value);
}
