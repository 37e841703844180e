// Looked up rather than imported: errors are thrown in browsers as well, where there is no such module.
const inspect: (value: unknown) => string = globalThis.process?.getBuiltinModule?.('node:util').inspect ?? String;

/**
 * What went wrong, as one word that callers decide on. The first four are outcomes of asking the exchange for a session;
 * the rest concern this platform and its caller.
 */
export type ErrorCode =
  | 'NOT_PUBLISHED_YET'
  | 'MISSING'
  | 'BLOCKED'
  | 'CORRUPT'
  | 'NOT_FOUND'
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'INVALID_INPUT'
  | 'CONFIG'
  | 'BUSY'
  | 'STORE_FAILED'
  | 'INTERNAL';

const MAX_CAUSES = 8;

/** Whether trying again can help: never, after a growing delay, or after a known number of milliseconds. */
export type Retry = 'never' | 'backoff' | { readonly after: number };

export interface ChampionErrorOptions {
  readonly code: ErrorCode;
  readonly retry?: Retry;
  /** What the reader should do next, one sentence. */
  readonly hint?: string;
  /** The evidence: file, run, URL, status, first bytes. JSON-serialisable, never a secret. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error type of the platform. The engine reads `retry`, the API maps `code` to a problem response and the CLI
 * to an exit code. `message` says what happened and to which file or run; `hint` says what to do about it.
 */
export class ChampionError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly hint: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(message: string, options: ChampionErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ChampionError';
    this.code = options.code;
    this.retry = options.retry ?? 'never';
    this.hint = options.hint;
    this.context = options.context ?? {};
  }
}

/** An error as it is stored with a run and sent over the wire. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly retry: Retry;
  readonly context: Readonly<Record<string, unknown>>;
  readonly cause?: string;
  readonly stack?: string;
}

/**
 * Turns whatever was thrown into a storable record. Errors that crossed a serialisation boundary lose their class but
 * keep their properties, so the fields are read, not the prototype.
 */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  const error = isErrorLike(thrown) ? thrown : new Error(typeof thrown === 'string' ? thrown : inspect(thrown));
  const fields = error as Partial<ChampionError>;
  const known = typeof fields.code === 'string' && fields.retry !== undefined;
  return {
    code: known ? (fields.code as ErrorCode) : 'INTERNAL',
    message: messageOf(error),
    retry: known ? (fields.retry as Retry) : 'backoff',
    context: known ? (fields.context ?? {}) : {},
    ...(typeof fields.hint === 'string' ? { hint: fields.hint } : {}),
    ...(error.cause === undefined ? {} : { cause: describeCause(error.cause) }),
    ...(known || error.stack === undefined ? {} : { stack: error.stack }),
  };
}

/** Restores a ChampionError from its record. */
export function fromErrorRecord(record: ErrorRecord): ChampionError {
  return new ChampionError(record.message, {
    code: record.code,
    retry: record.retry,
    context: record.context,
    ...(record.hint === undefined ? {} : { hint: record.hint }),
    ...(record.cause === undefined ? {} : { cause: new Error(record.cause) }),
  });
}

/** The retry decision of anything thrown; what is not a ChampionError is presumed transient. */
export function retryOf(thrown: unknown): Retry {
  return toErrorRecord(thrown).retry;
}

function isErrorLike(thrown: unknown): thrown is Error {
  return (
    thrown instanceof Error ||
    (typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string')
  );
}

/** Node reports a refused connection as an AggregateError with an empty message: the words are in its parts. */
function messageOf(error: Error): string {
  const parts = (error as Partial<AggregateError>).errors;
  if (error.message !== '' || !Array.isArray(parts)) return error.message || error.name;
  return parts.map((part) => (isErrorLike(part) ? part.message : String(part))).join('; ') || error.name;
}

/** The chain of causes as one line. Bounded, because a cause may lead back to itself. */
function describeCause(cause: unknown): string {
  const links: string[] = [];
  for (let link = cause; link !== undefined && links.length < MAX_CAUSES; ) {
    links.push(isErrorLike(link) ? messageOf(link) : typeof link === 'string' ? link : inspect(link));
    link = isErrorLike(link) ? link.cause : undefined;
  }
  return links.join(': ');
}
