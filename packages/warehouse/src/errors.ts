import { ChampionError, type ErrorCode, type Retry } from '@champion/core';

/** ClickHouse's own error, recognised by its fields: the embedded engine has its own copy of the class. */
interface EngineError {
  readonly code: string;
  readonly type: string;
  readonly message: string;
}

/** Runs a piece of work; whatever fails in it becomes a ChampionError that says what the warehouse could not do. */
export async function inWarehouse<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw warehouseError(error, { doing });
  }
}

export interface ErrorScene {
  /** Completes "the warehouse could not …". */
  readonly doing: string;
  /** A person wrote the SQL: what ClickHouse says of it is then for that person, whatever its code. */
  readonly fromPerson?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export function warehouseError(thrown: unknown, scene: ErrorScene): ChampionError {
  if (thrown instanceof ChampionError) return thrown;
  if (scene.signal?.aborted) {
    return new ChampionError(`the query was cancelled`, { code: 'CANCELLED', cause: thrown });
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isEngineError(error)) return engineError(error, scene);
  const code = systemCode(error);
  if (/timeout/i.test(error.message)) {
    return new ChampionError(`the warehouse could not ${scene.doing} in time: ${error.message}`, {
      code: 'TIMEOUT',
      retry: 'backoff',
      hint: 'Try again; if it recurs, see what else the warehouse is doing.',
      cause: thrown,
    });
  }
  if (code !== undefined && UNREACHABLE.has(code)) {
    return new ChampionError(`the warehouse cannot be reached (${code}), so it could not ${scene.doing}`, {
      code: 'UNREACHABLE',
      retry: 'backoff',
      hint: 'Check that the server CLICKHOUSE_URL names is up or, where another process has the warehouse, that one.',
      context: { code },
      cause: thrown,
    });
  }
  return new ChampionError(`the warehouse could not ${scene.doing}: ${error.message}`, {
    code: 'STORE_FAILED',
    retry: 'backoff',
    ...(code === undefined ? {} : { context: { code } }),
    cause: thrown,
  });
}

function engineError(error: Error & EngineError, scene: ErrorScene): ChampionError {
  const number = Number(error.code);
  const known = (scene.fromPerson ? OF_A_PERSON.get(number) : undefined) ?? BY_CODE.get(number);
  const code = known?.code ?? (scene.fromPerson && !SERVER_FAULTS.has(number) ? 'INVALID_INPUT' : 'STORE_FAILED');
  const words = readable(error.message);
  return new ChampionError(scene.fromPerson ? words : `the warehouse could not ${scene.doing}: ${words}`, {
    code,
    retry: known?.retry ?? (code === 'INVALID_INPUT' ? 'never' : 'backoff'),
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
    context: { clickhouse_code: number, clickhouse_type: error.type },
    cause: error,
  });
}

/** Cuts what only the engine's authors need: the scope repeated, the pipeline stage, the user's name. */
function readable(message: string): string {
  const text = message
    .replace(/:? In scope [\s\S]*$/, '')
    .replace(/ in scope [\s\S]*?(?=\. Maybe you meant|\.?\s*$)/, '')
    .replace(/: While executing [\s\S]*$/, '')
    .replace(/: \(in file\/uri [^)]*\)/, '')
    .replace(/^default: /, '')
    .replace(/[\s.:]+$/, '');
  return text === '' ? message : text;
}

function isEngineError(error: unknown): error is Error & EngineError {
  const fields = error as Partial<EngineError>;
  return error instanceof Error && typeof fields.type === 'string' && /^\d+$/.test(String(fields.code));
}

function systemCode(error: Error): string | undefined {
  const own = (error as NodeJS.ErrnoException).code;
  if (typeof own === 'string') return own;
  if (error instanceof AggregateError) {
    return error.errors.map((part) => (part as NodeJS.ErrnoException).code).find((code) => typeof code === 'string');
  }
  return error.cause instanceof Error ? systemCode(error.cause) : undefined;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

interface Meaning {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly hint?: string;
}

const input = (hint?: string): Meaning => ({ code: 'INVALID_INPUT', retry: 'never', ...(hint ? { hint } : {}) });
const login: Meaning = {
  code: 'CONFIG',
  retry: 'never',
  hint: 'Check the user, the password and the grants in CLICKHOUSE_URL.',
};

/** Numbers of ClickHouse's ErrorCodes.cpp whose meaning does not depend on who asks. */
const BY_CODE = new Map<number, Meaning>([
  [6, input()], // CANNOT_PARSE_TEXT
  [8, input('The file was written by another version: write it again.')], // THERE_IS_NO_COLUMN
  [16, input()], // NO_SUCH_COLUMN_IN_TABLE
  [27, input()], // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  [36, input()], // BAD_ARGUMENTS
  [38, input()], // CANNOT_PARSE_DATE
  [41, input()], // CANNOT_PARSE_DATETIME
  [42, input()], // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  [43, input()], // ILLEGAL_TYPE_OF_ARGUMENT
  [46, input()], // UNKNOWN_FUNCTION
  [47, input()], // UNKNOWN_IDENTIFIER
  [50, input('Cast the column to a type that there is; a bare NULL, for example, as NULL::Nullable(String).')], // UNKNOWN_TYPE
  [53, input()], // TYPE_MISMATCH
  [60, input()], // UNKNOWN_TABLE
  [62, input()], // SYNTAX_ERROR
  [70, input()], // CANNOT_CONVERT_TYPE
  [72, input()], // CANNOT_PARSE_NUMBER
  [81, input('Run the migrations first, or check the database name.')], // UNKNOWN_DATABASE
  [117, input()], // INCORRECT_DATA
  [159, { code: 'TIMEOUT', retry: 'backoff', hint: 'Ask for fewer sessions or columns, or allow more time.' }],
  [164, input('Only reading is allowed here: SELECT, SHOW, DESCRIBE, EXISTS and EXPLAIN, without SETTINGS.')], // READONLY
  [193, login], // WRONG_PASSWORD
  [194, login], // REQUIRED_PASSWORD
  [241, { code: 'STORE_FAILED', retry: 'backoff', hint: 'The query needs too much memory: ask for less at a time.' }],
  [349, input('A column that may not be empty is empty in the file.')], // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  [376, input()], // CANNOT_PARSE_UUID
  [394, { code: 'CANCELLED', retry: 'never' }], // QUERY_WAS_CANCELLED
  [456, input('Give a value for each {name:Type} of the query.')], // UNKNOWN_QUERY_PARAMETER
  [457, input()], // BAD_QUERY_PARAMETER
  [497, login], // ACCESS_DENIED
  [516, login], // AUTHENTICATION_FAILED
]);

/** What means something else when a person wrote the SQL. */
const OF_A_PERSON = new Map<number, Meaning>([
  [497, input('Queries read the platform’s own data; SHOW TABLES lists it.')], // ACCESS_DENIED
]);

/** Codes that are the engine's or the machine's trouble even when a person wrote the SQL. */
const SERVER_FAULTS = new Set([
  49, 74, 75, 76, 107, 173, 198, 202, 209, 210, 225, 236, 242, 243, 252, 279, 319, 425, 999, 1001, 1002,
]);
