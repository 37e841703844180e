import type { FlowRun, TaskRunDetail } from '@champion/contract';
import { expect, it } from 'vitest';
import { panned, placeOf, spanOf, timelineRows, timeTicks, zoomed } from './timeline-layout.ts';

const begin = Date.parse('2026-01-12T12:30:00Z');
const moment = (seconds: number) => new Date(begin + seconds * 1000).toISOString();

function task(
  id: string,
  attempts: readonly (readonly [from: number, to: number | null, state: 'FAILED' | 'COMPLETED' | 'RUNNING'])[],
) {
  const [from] = attempts[0] ?? [null];
  const [, to] = attempts.at(-1) ?? [null, null];
  return {
    id,
    name: id,
    state_type: attempts.at(-1)?.[2] ?? 'PENDING',
    state_name: null,
    start_time: from === null ? null : moment(from),
    end_time: to === null ? null : moment(to),
    attempts: attempts.map(([start, end, state], at) => ({
      attempt: at + 1,
      state_type: state,
      start_time: moment(start),
      end_time: end === null ? null : moment(end),
      error: state === 'FAILED' ? { code: 'CORRUPT', message: 'broken' } : null,
      retry_wait_ms: null,
    })),
  } as unknown as TaskRunDetail;
}

it('stands in the order of beginning, with what has not begun at the end', () => {
  const child = {
    id: 'child',
    flow_name: 'child',
    state_type: 'COMPLETED',
    start_time: moment(3),
    end_time: moment(4),
  } as FlowRun;
  const grandchild = { ...child, id: 'grandchild' };
  const rows = timelineRows(
    {
      tasks: [task('waiting', []), task('late', [[5, 6, 'COMPLETED']]), task('early', [[0, 1, 'COMPLETED']])],
      children: [child],
    },
    new Map([
      ['child', { tasks: [task('inner', [[3, 4, 'COMPLETED']])], children: [grandchild] }],
      ['grandchild', { tasks: [task('innermost', [[3, 4, 'COMPLETED']])], children: [] }],
    ]),
  );
  expect(rows.map(({ id, depth }) => `${depth} ${id}`)).toEqual([
    '0 early',
    '0 child',
    '1 inner',
    '1 grandchild',
    '2 innermost',
    '0 late',
    '0 waiting',
  ]);
});

it('draws each attempt', () => {
  const tasks = [
    task('a', [
      [0, 1, 'FAILED'],
      [2, null, 'RUNNING'],
    ]),
  ];
  const [row] = timelineRows({ tasks, children: [] }, new Map());
  expect(row?.segments).toMatchObject([
    { from: begin, to: begin + 1000, kind: 'failed', attempt: 1, error: 'broken' },
    { from: begin + 2000, to: null, kind: 'running', attempt: 2, error: null },
  ]);
});

it('reaches to now while something runs', () => {
  const rows = timelineRows({ tasks: [task('a', [[0, null, 'RUNNING']])], children: [] }, new Map());
  const span = spanOf(rows, begin, begin + 10_000, true);
  expect(span.from).toBeLessThan(begin);
  expect(span.to).toBeGreaterThan(begin + 10_000);
  expect(placeOf(begin + 10_000, span)).toBeGreaterThan(0.9);
});

it('zooms around a moment and never leaves the whole', () => {
  const whole = { from: 0, to: 1000 };
  const view = zoomed(whole, whole, 250, 0.5);
  expect(view).toEqual({ from: 125, to: 625 });
  expect(placeOf(250, view)).toBeCloseTo(placeOf(250, whole));
  expect(zoomed(view, whole, 250, 100)).toEqual(whole);
  const deep = zoomed(view, whole, 250, 0.0001);
  expect(deep.to - deep.from).toBe(20);
  expect(panned(view, whole, 10_000)).toEqual({ from: 500, to: 1000 });
  expect(panned(view, whole, -10_000)).toEqual({ from: 0, to: 500 });
});

it('marks round times of the Indian clock', () => {
  const ticks = timeTicks({ from: begin, to: begin + 8 * 3_600_000 }, 7);
  expect(ticks.length).toBeLessThanOrEqual(8);
  // Midnight in Mumbai is half past six in the evening of UTC.
  expect(ticks.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toContain('18:30');
});
