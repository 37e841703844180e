import { expect, it } from 'vitest';
import { readRunsSearch, runConditions } from '../features/flow-runs/search.ts';
import { parseSearch, readChoices, readCount, readDay, readList, stringifySearch } from './search-params.ts';

it('writes what people can read, and reads it again', () => {
  const search = { state: ['failed', 'crashed'], q: 'fair & square', from: '2026-01-12', flow: undefined, tag: [] };
  const query = stringifySearch(search);
  expect(query).toBe('?state=failed,crashed&q=fair+%26+square&from=2026-01-12');
  expect(parseSearch(query)).toEqual({ state: 'failed,crashed', q: 'fair & square', from: '2026-01-12' });
  expect(stringifySearch({})).toBe('');
});

it('leaves out what it cannot read', () => {
  expect(readDay('2026-02-30')).toBeUndefined();
  expect(readDay(7)).toBeUndefined();
  expect(readCount('-1')).toBeUndefined();
  expect(readCount('12')).toBe(12);
  expect(readCount('99999999999999999')).toBeUndefined();
  expect(readList(',,')).toBeUndefined();
  expect(readChoices('b,x,a', ['a', 'b'] as const)).toEqual(['a', 'b']);
  expect(readRunsSearch({ state: 'failed,nonsense', sort: 'sideways', from: 'tomorrow', other: '1' })).toEqual({
    state: ['failed'],
  });
});

it('asks the API for the whole of the last day, in Indian time', () => {
  const search = readRunsSearch({ from: '2026-01-12', to: '2026-01-12', state: 'late,failed', flow: 'a,b', q: 'x' });
  expect(runConditions(search)).toEqual({
    flows: { name: { any_: ['a', 'b'] } },
    flow_runs: {
      state: { name: { any_: ['Failed', 'Late'] } },
      name: { like_: 'x' },
      expected_start_time: { after_: '2026-01-12T00:00:00+05:30', before_: '2026-01-13T00:00:00+05:30' },
    },
  });
  expect(runConditions({ upcoming: 'shown' })).toEqual({});
});
