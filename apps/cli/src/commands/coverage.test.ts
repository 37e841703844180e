import { businessDate as d } from '@champion/core';
import type { Coverage } from '@champion/server';
import { describe, expect, it } from 'vitest';
import { plainStyle } from '../output/style.ts';
import { words } from './backfill-progress.ts';
import { renderCalendar } from './coverage-calendar.ts';
import { renderGaps } from './coverage-gaps.ts';

describe('the calendar of a coverage', () => {
  const slice = (
    date: string,
    outcome: Coverage['slices'][number]['outcome'],
    in_warehouse = outcome === 'LOADED',
  ) => ({
    ...{ slice: 's', trade_date: d(date), outcome, in_warehouse, rows: null, quarantined: null, anomalies: null },
    ...{ revision: null, updated_at: null, message: null, flow_run_id: null },
  });

  it('is a line per month, with the worst of a session', () => {
    const slices = [
      slice('2024-01-31', 'LOADED'),
      slice('2024-02-01', 'LOADED'),
      slice('2024-02-01', 'MISSING'),
      slice('2024-02-02', 'LOADED', false),
      slice('2024-02-05', 'CORRUPT'),
    ];
    const sessions = [...new Set(slices.map(({ trade_date }) => trade_date))];
    const span = { from: d('2024-01-30'), to: d('2024-02-06') };
    expect(renderCalendar({ dataset: 'x', ...span, sessions, slices }, plainStyle)).toBe(`\
         1234567890123456789012345678901
2024-01                               ·✓    1/1
2024-02  ✗w··!·                             0/3

✓ loaded   w in the lake, not in the warehouse   ✗ missing   ! corrupt   · no session
`);
  });
});

describe('gaps', () => {
  it('are told date by date, and neighbours that nobody tried in one line', () => {
    const sessions = ['01', '02', '03', '04', '05', '08', '09'].map((day) => `2024-07-${day}`);
    const gap = (day: string, state: string, message = '') => ({
      trade_date: `2024-07-${day}`,
      slice: 's',
      state,
      message,
    });
    const table = renderGaps(
      [
        gap('01', 'MISSING', 'not there'),
        gap('02', 'MISSING', 'nor this'),
        ...['04', '05', '08'].map((day) => gap(day, 'NEVER_TRIED')),
      ],
      sessions,
      plainStyle,
    );
    expect(table.split('\n').slice(2)).toEqual([
      '2024-07-01                s      missing      not there',
      '2024-07-02                s      missing      nor this',
      '2024-07-04 to 2024-07-08  s      never tried  3 sessions',
      '',
    ]);
  });
});

describe('the progress of a backfill', () => {
  it('has the rate of this process and the time it will take', () => {
    const progress = { total: 100, done: 40, ran: 20, failed: 1 };
    expect(words(progress, 30_000)).toBe('40 of 100 done, 60 left, 1 failed, 40.0 sessions/min, about 1 m 30 s to go');
    expect(words({ ...progress, total: 8_000 }, 30_000)).toMatch(/, about 3 h 19 m to go$/);
    expect(words({ total: 2, done: 0, ran: 0, failed: 0 }, 0)).toBe('0 of 2 done, 2 left');
  });
});
