import { expect, it } from 'vitest';
import type { Run } from '../api/types.ts';
import { changeText, comparedMetrics, comparedTexts } from './differences.ts';

const run = (params: Record<string, string>, metrics: Record<string, number>) =>
  ({
    params,
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, { value, timestamp: 0, step: 0 }])),
  }) as unknown as Run;

const runs = [run({ b: '1', a: 'x' }, { m: 1, n: Number.NaN }), run({ a: 'x' }, { m: 2, n: Number.NaN })];

it('puts what each run has side by side, and says where they differ', () => {
  expect(comparedTexts(runs, ({ params }) => params)).toEqual([
    { key: 'a', values: ['x', 'x'], differs: false },
    { key: 'b', values: ['1', undefined], differs: true },
  ]);
  expect(comparedMetrics(runs).map(({ key, differs }) => [key, differs])).toEqual([
    ['m', true],
    ['n', false],
  ]);
  expect(comparedMetrics([])).toEqual([]);
});

it.each([
  [11, 10, '+10.0 %'],
  [9.5, 10, '−5.0 %'],
  [30, 10, '+200 %'],
  [1_000, 1, '> +999 %'],
  [-5, -10, '+50.0 %'],
  [10, 10, undefined],
  [5, 0, undefined],
  [Number.NaN, 1, undefined],
])('%d against %d is %s', (value, base, text) => {
  expect(changeText(value, base)).toBe(text);
});
