import type { CalendarDay, HandlersOf } from '@champion/contract';
import { addDays, type BusinessDate, ChampionError, daysBetween, type TradingCalendar, today } from '@champion/core';
import { sessionCalendar } from '../../session-calendar.ts';
import type { DataParts } from './parts.ts';
import { checkEnd } from './span.ts';

const MOST_DAYS = 366;

export function marketHandlers({ services }: DataParts): HandlersOf<'market'> {
  const { clock } = services;
  const hours = sessionCalendar(() => services.calendar);
  return {
    readCalendar: ({ query: { from, to } }) => {
      checkDays(from, to);
      checkEnd(to, clock);
      const days: CalendarDay[] = [];
      for (let date = from; date <= to; date = addDays(date, 1)) days.push(dayOf(services.calendar, date));
      return days;
    },
    readToday: () => {
      const { calendar } = services;
      const now = clock.now();
      const date = today(clock);
      const day = dayOf(calendar, date);
      const next = calendar.nextSession(date);
      const session = hours.on(day.open ? date : next);
      const following = hours.on(day.open ? next : calendar.nextSession(next));
      const { opensAt, closesAt } = session ?? {};
      const trading = day.open && opensAt !== undefined && closesAt !== undefined && now >= opensAt && now < closesAt;
      return {
        date,
        now: now.toISOString(),
        state: trading ? 'open' : day.kind === 'holiday' ? 'holiday' : 'closed',
        day,
        previous_session: calendar.previousSession(date),
        next_session: next,
        opens_at: opensAt?.toISOString() ?? null,
        closes_at: closesAt?.toISOString() ?? null,
        next_opens_at: following?.opensAt?.toISOString() ?? null,
      };
    },
  };
}

function dayOf(calendar: TradingCalendar, date: BusinessDate): CalendarDay {
  const day = calendar.day(date);
  const holidays_known = calendar.holidaysKnown(date);
  return day.open
    ? { date, open: true, kind: day.kind, name: day.note ?? null, holidays_known }
    : { date, open: false, kind: day.reason, name: day.name, holidays_known };
}

function checkDays(from: BusinessDate, to: BusinessDate): void {
  const days = daysBetween(from, to) + 1;
  if (days >= 1 && days <= MOST_DAYS) return;
  throw new ChampionError(
    days < 1 ? `the span from ${from} to ${to} ends before it begins` : `from ${from} to ${to} are ${days} days`,
    {
      code: 'INVALID_INPUT',
      hint: days < 1 ? `Exchange the two: from ${to} to ${from}.` : `Ask for up to ${MOST_DAYS} days at a time.`,
    },
  );
}
