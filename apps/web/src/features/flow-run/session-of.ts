import { type BusinessDate, parseIsoDate } from '@champion/core';

/** The session that a run is for, as its parameters say it. */
export function sessionOf(parameters: Readonly<Record<string, unknown>>): BusinessDate | undefined {
  const { trade_date: date } = parameters;
  return typeof date === 'string' ? parseIsoDate(date) : undefined;
}
