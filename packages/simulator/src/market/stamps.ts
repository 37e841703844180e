import { type BusinessDate, dateForms } from '@champion/core';

const IST_MS = 5.5 * 3_600_000;

/** 26-May-2026: the site and sec_bhavdata_full spell months so; the other files write MAY. */
export function siteDate(date: BusinessDate): string {
  const month = dateForms.month(date);
  return `${dateForms.day(date)}-${month.slice(0, 1)}${month.slice(1).toLowerCase()}-${dateForms.year(date)}`;
}

/** 26-05-2026 */
export function numericDate(date: BusinessDate): string {
  return `${dateForms.day(date)}-${dateForms.monthNumber(date)}-${dateForms.year(date)}`;
}

/** 20-May-2026 14:34:42: an instant of a session, Indian time. */
export function siteStamp(date: BusinessDate, instant: Date): string {
  return `${siteDate(date)} ${new Date(instant.getTime() + IST_MS).toISOString().slice(11, 19)}`;
}
