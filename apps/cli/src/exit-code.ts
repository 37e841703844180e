import type { ErrorCode } from '@champion/core';

/** What the process says to the shell. */
export const EXIT = { done: 0, runFailed: 1, wrongUsage: 2, unreachable: 3, interrupted: 130 } as const;

const byCode: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: EXIT.wrongUsage,
  CONFIG: EXIT.wrongUsage,
  NOT_FOUND: EXIT.wrongUsage,
  UNREACHABLE: EXIT.unreachable,
  TIMEOUT: EXIT.unreachable,
  BUSY: EXIT.unreachable,
  STORE_FAILED: EXIT.unreachable,
  NOT_PUBLISHED_YET: EXIT.runFailed,
  MISSING: EXIT.runFailed,
  BLOCKED: EXIT.runFailed,
  CORRUPT: EXIT.runFailed,
  CANCELLED: EXIT.runFailed,
  INTERNAL: EXIT.runFailed,
};

/** The exit code of a command that ended with this error. A run that failed exits with 1, whatever its error. */
export function exitCodeOf(code: ErrorCode): number {
  return byCode[code];
}
