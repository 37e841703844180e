import { expect, it } from 'vitest';
import { wireJson } from './json.ts';

it('renames its own properties and leaves the flows their own', () => {
  const at = new Date(0);
  expect(
    wireJson([
      { flowName: 'f', startTime: at, endTime: null, parameters: { camelCase: 1 }, taskRuns: [{ dynamicKey: 'k' }] },
    ]),
  ).toEqual([
    { flow_name: 'f', start_time: at, end_time: null, parameters: { camelCase: 1 }, task_runs: [{ dynamic_key: 'k' }] },
  ]);
});
