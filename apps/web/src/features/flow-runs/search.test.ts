import { expect, it } from 'vitest';
import { readRunsSearch, runConditions, upcomingConditions } from './search.ts';

it('leaves out what is not due, unless it is asked for or states are chosen', () => {
  const without = { flow_runs: { state: { name: { not_any_: ['Scheduled'] } } } };
  expect(runConditions(readRunsSearch({}))).toEqual(without);
  expect(runConditions(readRunsSearch({ upcoming: 'nonsense' }))).toEqual(without);
  expect(runConditions(readRunsSearch({ upcoming: 'shown' }))).toEqual({});
  expect(runConditions(readRunsSearch({ state: 'failed' }))).toEqual({
    flow_runs: { state: { type: { any_: ['FAILED'] } } },
  });
});

it('counts what it leaves out under the same conditions', () => {
  const search = readRunsSearch({ flow: 'a,b', q: 'evening', from: '2026-01-12' });
  expect(upcomingConditions(search)).toEqual({
    flows: { name: { any_: ['a', 'b'] } },
    flow_runs: {
      state: { name: { any_: ['Scheduled'] } },
      name: { like_: 'evening' },
      expected_start_time: { after_: '2026-01-12T00:00:00+05:30' },
    },
  });
});
