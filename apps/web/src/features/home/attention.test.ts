import type { FlowRun } from '@champion/contract';
import { expect, it } from 'vitest';
import { troubles } from './attention.ts';

function run(
  id: string,
  flow: string,
  start: string,
  state: 'FAILED' | 'COMPLETED',
  of: Partial<FlowRun> = {},
): FlowRun {
  const fields = { id, flow_name: flow, start_time: start, state_type: state, parameters: {}, error: null, ...of };
  return fields as FlowRun;
}

it('tells of a failure until a later run with the same parameters completes', () => {
  const failed = run('a', 'bhavcopy', '2026-01-12T12:30:00Z', 'FAILED', { parameters: { trade_date: '2026-01-12' } });
  const other = run('b', 'bhavcopy', '2026-01-12T13:00:00Z', 'COMPLETED', { parameters: { trade_date: '2026-01-09' } });
  const same = run('c', 'bhavcopy', '2026-01-12T13:30:00Z', 'COMPLETED', { parameters: { trade_date: '2026-01-12' } });
  const before = run('d', 'bhavcopy', '2026-01-12T11:00:00Z', 'COMPLETED', {
    parameters: { trade_date: '2026-01-12' },
  });
  expect(troubles([failed], [other, before])).toMatchObject([{ run: { id: 'a' }, times: 1 }]);
  expect(troubles([failed], [same, other])).toEqual([]);
});

it('tells of one flow and kind of error once, by its latest run', () => {
  const error = { code: 'BLOCKED' as const, message: 'refused' };
  const failures = [
    run('a', 'deals', '2026-01-12T14:00:00Z', 'FAILED', { error }),
    run('b', 'deals', '2026-01-12T13:00:00Z', 'FAILED', { error }),
    run('c', 'deals', '2026-01-12T12:00:00Z', 'FAILED', { error: { code: 'CORRUPT', message: 'broken' } }),
  ];
  expect(troubles(failures, []).map(({ run: latest, times }) => [latest.id, times])).toEqual([
    ['a', 2],
    ['c', 1],
  ]);
});
