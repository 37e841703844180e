import { businessDate, instantAt, type SessionKind, type TradingCalendar } from '@champion/core';
import type { SessionCalendar } from '@champion/engine';

/**
 * Hours of the capital-market segment, IST. Those of a Muhurat session are announced a few days before it; mostly it is
 * held in this hour.
 */
const HOURS: Readonly<Record<SessionKind, readonly [opens: string, closes: string]>> = {
  regular: ['09:15', '15:30'],
  special: ['09:15', '15:30'],
  muhurat: ['18:00', '19:15'],
};

/**
 * The exchange's calendar as schedules follow it.
 * @param current gives the calendar as it is known now: it changes while the process runs
 */
export function sessionCalendar(current: () => TradingCalendar): SessionCalendar {
  return {
    zone: 'Asia/Kolkata',
    on: (text) => {
      const date = businessDate(text);
      const day = current().day(date);
      if (!day.open) return undefined;
      const [opens, closes] = HOURS[day.kind];
      return {
        kind: day.kind,
        name: day.note ?? null,
        opensAt: instantAt(date, opens),
        closesAt: instantAt(date, closes),
      };
    },
    why: (text) => {
      const day = current().day(businessDate(text));
      return day.open ? '' : day.name;
    },
  };
}
