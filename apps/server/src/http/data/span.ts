import { type BusinessDate, ChampionError, type Clock, type TradingCalendar, today } from '@champion/core';

type Dates = { readonly from?: BusinessDate | undefined; readonly to?: BusinessDate | undefined };

/**
 * Refuses a span that holds no answer: one that ends before it begins, or reaches beyond what the calendar can tell.
 * @throws ChampionError INVALID_INPUT
 */
export function checkSpan({ from, to }: Dates, { calendar, clock }: { calendar: TradingCalendar; clock: Clock }): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw refusal(`the span from ${from} to ${to} ends before it begins`, `Exchange the two: from ${to} to ${from}.`);
  }
  for (const date of [from, to]) if (date !== undefined) checkDate(date, calendar);
  checkEnd(to ?? from, clock);
}

/** Holidays are published a year ahead at most; beyond, every weekday would look like a session. */
export function checkEnd(date: BusinessDate | undefined, clock: Clock): void {
  const end = `${Number(today(clock).slice(0, 4)) + 1}-12-31`;
  if (date === undefined || date <= end) return;
  throw refusal(`${date} is beyond the calendar, which ends on ${end}`, `Ask for days up to ${end}.`);
}

/** @throws ChampionError INVALID_INPUT for a day before the exchange began */
function checkDate(date: BusinessDate, calendar: TradingCalendar): void {
  const day = calendar.day(date);
  if (day.open || day.reason !== 'before-first') return;
  throw refusal(`${date} is ${day.name}`, 'The exchange has published nothing before it: begin there.');
}

function refusal(message: string, hint: string): ChampionError {
  return new ChampionError(message, { code: 'INVALID_INPUT', hint });
}
