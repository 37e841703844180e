/** What the server itself refuses, said as ClickHouse would. */
export class Refusal extends Error {
  readonly clickhouseCode: number;

  constructor(clickhouseCode: number, type: string, message: string) {
    super(`Code: ${clickhouseCode}. DB::Exception: ${message} (${type})`);
    this.name = 'Refusal';
    this.clickhouseCode = clickhouseCode;
  }
}

export interface Failure {
  /** ClickHouse's. */
  readonly code: number;
  readonly status: number;
  /** `Code: 60. DB::Exception: … (UNKNOWN_TABLE)`: what clients take apart. */
  readonly text: string;
}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  // The engine's binding puts words of its own before the engine's.
  const begin = message.search(/Code: \d+\. /);
  const text = begin < 0 ? `Code: 1001. DB::Exception: ${message} (STD_EXCEPTION)` : message.slice(begin);
  const code = Number(/^Code: (\d+)/.exec(text)?.[1]);
  return { code, text, status: STATUS.get(code) ?? 500 };
}

const STATUS = new Map([
  [36, 400], // BAD_ARGUMENTS
  [48, 501], // NOT_IMPLEMENTED
  [60, 404], // UNKNOWN_TABLE
  [62, 400], // SYNTAX_ERROR
  [81, 404], // UNKNOWN_DATABASE
  [159, 408], // TIMEOUT_EXCEEDED
  [307, 413], // TOO_MANY_BYTES
  [516, 403], // AUTHENTICATION_FAILED
]);
