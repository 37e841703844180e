import { addDays, type BusinessDate, businessDate, parseIsoDate, weekday } from '@champion/core';

const WEEK: readonly string[] = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** "2026-01" of a day. */
export function monthOf(date: BusinessDate): string {
  return date.slice(0, 7);
}

/** A month as text, if it is one. */
export function readMonth(value: unknown): string | undefined {
  return typeof value === 'string' && parseIsoDate(`${value}-01`) !== undefined ? value : undefined;
}

/** The month `by` months later. */
export function addMonths(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const months = year * 12 + number - 1 + by;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** First and last day. */
export function monthBounds(month: string): { readonly from: BusinessDate; readonly to: BusinessDate } {
  return { from: businessDate(`${month}-01`), to: addDays(businessDate(`${addMonths(month, 1)}-01`), -1) };
}

/** The month's weeks from Monday to Sunday; undefined are days of the months beside it. */
export function weeksOf(month: string): (BusinessDate | undefined)[][] {
  const { from, to } = monthBounds(month);
  const days: (BusinessDate | undefined)[] = Array.from({ length: WEEK.indexOf(weekday(from)) }, () => undefined);
  for (let date = from; date <= to; date = addDays(date, 1)) days.push(date);
  while (days.length % 7 !== 0) days.push(undefined);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** "January 2026". */
export function monthName(month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(at);
}
