import { toErrorRecord } from '@champion/core';

export type Level = 'ok' | 'warn' | 'fail';

/** One line of the doctor's report. */
export interface Finding {
  readonly what: string;
  readonly level: Level;
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** A check says what it found, or throws; what it throws is a finding too. */
export async function check(what: string, look: () => Promise<Omit<Finding, 'what'>>): Promise<Finding> {
  try {
    return { what, ...(await look()) };
  } catch (error) {
    const { message, hint, cause } = toErrorRecord(error);
    const detail = cause === undefined ? message : `${message} (${cause})`;
    return { what, level: 'fail', detail, ...(hint === undefined ? {} : { advice: hint }) };
  }
}

export const ok = (detail: string): Omit<Finding, 'what'> => ({ level: 'ok', detail });
export const warn = (detail: string, advice: string): Omit<Finding, 'what'> => ({ level: 'warn', detail, advice });
export const fail = (detail: string, advice: string): Omit<Finding, 'what'> => ({ level: 'fail', detail, advice });
