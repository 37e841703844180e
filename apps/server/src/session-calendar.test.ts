import { instantAt, mergeFacts, parseIsoDate, seedFacts, TradingCalendar } from '@champion/core';
import { slots } from '@champion/engine';
import { deployments } from '@champion/flows';
import { describe, expect, it } from 'vitest';
import { sessionCalendar } from './session-calendar.ts';

let known = new TradingCalendar();
const calendar = sessionCalendar(() => known);

function midnight(text: string): Date {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(`${text} is no date`);
  return instantAt(date, '00:00');
}

/** "11-01 18:15" of each slot in Indian time; "11-15 18:00 Guru Nanak Jayanti" where it does not run. */
function due(name: string, from: string, until: string): string[] {
  const schedules = deployments.find((deployment) => deployment.name === name)?.schedules ?? [];
  const all = schedules.flatMap((schedule) => [...slots(schedule, calendar, midnight(from), midnight(until))]);
  return all
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, reason }) => {
      const local = new Date(at.getTime() + 5.5 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
      return reason === null ? local : `${local} ${reason}`;
    });
}

describe('the schedules of the product on the exchange’s calendar', () => {
  it('leave out a holiday and say which it was', () => {
    expect(due('nse-bhavcopy-daily', '2024-11-14', '2024-11-19')).toEqual([
      '11-14 18:00',
      '11-15 18:00 Guru Nanak Jayanti',
      '11-18 18:00',
    ]);
  });

  it('run on the budget’s weekend sessions and on a recovery drill', () => {
    expect(due('nse-bhavcopy-daily', '2025-01-31', '2025-02-04')).toEqual([
      '01-31 18:00',
      '02-01 18:00',
      '02-03 18:00',
    ]);
    expect(due('nse-bhavcopy-daily', '2026-01-30', '2026-02-03')).toEqual([
      '01-30 18:00',
      '02-01 18:00',
      '02-02 18:00',
    ]);
    expect(due('combined-market-data-daily', '2024-03-02', '2024-03-04')).toEqual(['03-02 20:00']);
  });

  it('wait for the close of a Muhurat evening', () => {
    expect(due('nse-bhavcopy-daily', '2024-11-01', '2024-11-02')).toEqual(['11-01 21:15']);
    expect(due('bulk-block-deals-daily', '2024-11-01', '2024-11-02')).toEqual([
      '11-01 15:00 Muhurat trading on Diwali, which the schedule leaves out',
      '11-01 22:15',
    ]);
    expect(due('combined-market-data-daily', '2024-11-01', '2024-11-02')).toEqual(['11-01 23:15']);
  });

  it('take option chains while the exchange trades', () => {
    expect(due('option-chain-intraday', '2024-07-03', '2024-07-04').map((slot) => slot.slice(6))).toEqual(
      '09:15 09:45 10:15 10:45 11:15 11:45 12:15 12:45 13:15 13:45 14:15 14:45 15:15 15:40'.split(' '),
    );
    expect(due('option-chain-intraday', '2024-11-01', '2024-11-02')).toEqual([
      '11-01 18:15',
      '11-01 18:45',
      '11-01 19:15',
      '11-01 19:25',
    ]);
    expect(due('option-chain-intraday', '2024-12-25', '2024-12-26')).toEqual(['12-25 09:15 Christmas']);
  });

  it('ask daily for constituents, and quarterly for the calendar whatever the day', () => {
    expect(due('index-constituents-daily', '2024-07-05', '2024-07-08')).toEqual([
      '07-05 19:00',
      '07-06 19:00 Saturday',
      '07-07 19:00 Sunday',
    ]);
    expect(due('trading-calendar-quarterly', '2025-12-01', '2026-12-01')).toEqual([
      '01-01 06:30',
      '04-01 06:30',
      '07-01 06:30',
      '10-01 06:30',
    ]);
  });

  it('follow the calendar when it is told of a closure', () => {
    expect(due('nse-bhavcopy-daily', '2027-03-08', '2027-03-09')).toEqual(['03-08 18:00']);
    known = new TradingCalendar(
      mergeFacts(seedFacts, { holidays: { '2027-03-08': 'State election' }, specialSessions: {}, completeYears: [] }),
    );
    expect(due('nse-bhavcopy-daily', '2027-03-08', '2027-03-09')).toEqual(['03-08 18:00 State election']);
  });
});
