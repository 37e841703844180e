import type { Coverage, CoverageOutcome } from '@champion/contract';
import { businessDate } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { gapAround, layOut, nearest, nextGap, sessionsOf, step } from './heat-map.ts';

function coverageOf(outcomes: Readonly<Record<string, CoverageOutcome | readonly CoverageOutcome[]>>): Coverage {
  const sessions = Object.keys(outcomes).map(businessDate);
  return {
    dataset: 'deals',
    from: sessions[0] ?? businessDate('2026-01-01'),
    to: sessions.at(-1) ?? businessDate('2026-01-01'),
    sessions,
    slices: sessions.flatMap((trade_date) =>
      [outcomes[trade_date] ?? []].flat().map((outcome, index) => ({
        slice: `part-${index}`,
        trade_date,
        outcome,
        in_warehouse: outcome === 'LOADED',
        rows: outcome === 'LOADED' ? 10 : null,
        quarantined: null,
        anomalies: null,
        revision: null,
        updated_at: null,
        message: null,
        flow_run_id: null,
      })),
    ),
    counts: {},
  };
}

const SESSIONS = sessionsOf(
  coverageOf({
    '2025-12-31': 'LOADED',
    '2026-01-01': 'MISSING',
    '2026-01-02': 'NEVER_TRIED',
    '2026-01-05': 'LOADED',
    '2026-01-06': 'NO_SESSION',
    '2026-02-01': 'LOADED',
    '2026-02-02': 'CORRUPT',
  }),
);

describe('sessions', () => {
  it('takes the gravest outcome of its slices, and adds their rows', () => {
    const [session] = sessionsOf(coverageOf({ '2026-01-01': ['LOADED', 'BLOCKED', 'LOADED', 'NO_SESSION'] }));
    expect(session).toMatchObject({ mark: 'BLOCKED', rows: 20 });
  });

  it('looks at the one slice that is named', () => {
    const coverage = coverageOf({ '2026-01-01': ['LOADED', 'BLOCKED'] });
    expect(sessionsOf(coverage, 'part-0')[0]).toMatchObject({ mark: 'LOADED', rows: 10 });
    expect(sessionsOf(coverage, 'part-1')[0]).toMatchObject({ mark: 'BLOCKED', rows: null });
  });

  it('tells what is in the lake alone from what is in the warehouse too', () => {
    const coverage = coverageOf({ '2026-01-01': 'LOADED' });
    const slices = coverage.slices.map((slice) => ({ ...slice, in_warehouse: false }));
    expect(sessionsOf({ ...coverage, slices })[0]?.mark).toBe('LAKE_ONLY');
  });
});

describe('layout', () => {
  const years = layOut(SESSIONS);

  it('puts the latest year first and counts its gaps', () => {
    expect(years.map(({ year, sessions, gaps }) => [year, sessions, gaps])).toEqual([
      [2026, 6, 3],
      [2025, 1, 0],
    ]);
  });

  it('puts weeks below each other, Monday first', () => {
    const january = years[0]?.months[0]?.cells.map(({ date, column, row }) => [date, column, row]);
    expect(january).toEqual([
      ['2026-01-01', 3, 0],
      ['2026-01-02', 4, 0],
      ['2026-01-05', 0, 1],
      ['2026-01-06', 1, 1],
    ]);
  });

  it('makes room for a session on a Sunday, in its month alone', () => {
    expect(years[0]?.months.map(({ month, columns }) => [month, columns])).toEqual([
      [1, 5],
      [2, 7],
    ]);
    expect(years[0]?.months[1]?.cells.map(({ column, row }) => [column, row])).toEqual([
      [6, 0],
      [0, 1],
    ]);
  });

  it('leaves no line for a weekend without a session at the beginning of a month', () => {
    // 1 August 2026 is a Saturday.
    const august = layOut(sessionsOf(coverageOf({ '2026-08-03': 'LOADED' })))[0]?.months[0];
    expect(august).toMatchObject({ rows: 1, cells: [{ column: 0, row: 0 }] });
  });
});

describe('keys', () => {
  const place = (date: string) => SESSIONS.findIndex((session) => session.date === date);

  it('goes from session to session, and stays at the ends', () => {
    expect(step(SESSIONS, 0, 'ArrowRight')).toBe(1);
    expect(step(SESSIONS, 0, 'ArrowLeft')).toBe(0);
    expect(step(SESSIONS, 6, 'ArrowRight')).toBe(6);
    expect(step(SESSIONS, 3, 'Home')).toBe(0);
    expect(step(SESSIONS, 3, 'End')).toBe(6);
  });

  it('goes weeks up and down, to the closest session', () => {
    expect(step(SESSIONS, place('2026-01-06'), 'ArrowUp')).toBe(place('2025-12-31'));
    expect(step(SESSIONS, place('2026-01-05'), 'PageDown')).toBe(place('2026-02-02'));
    expect(nearest(SESSIONS, businessDate('2026-01-20'))).toBe(place('2026-02-01'));
  });

  it('begins with the last session, and ignores other keys', () => {
    expect(step(SESSIONS, -1, 'ArrowLeft')).toBe(6);
    expect(step(SESSIONS, 3, 'x')).toBeUndefined();
    expect(step([], -1, 'ArrowLeft')).toBeUndefined();
  });
});

describe('gaps', () => {
  it('finds what lies together, and the next one round the end', () => {
    expect(gapAround(SESSIONS, 2)).toEqual({ from: '2026-01-01', to: '2026-01-02', count: 2 });
    expect(gapAround(SESSIONS, 0)).toBeUndefined();
    expect(nextGap(SESSIONS, -1)).toBe(1);
    expect(nextGap(SESSIONS, 2)).toBe(6);
    expect(nextGap(SESSIONS, 6)).toBe(1);
    expect(nextGap(SESSIONS.slice(3, 6), -1)).toBeUndefined();
  });
});
