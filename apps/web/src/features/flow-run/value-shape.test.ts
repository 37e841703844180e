import { expect, it } from 'vitest';
import { shapeOf, tableOf } from './value-shape.ts';

it('sorts a result into facts, tables and the rest', () => {
  const shape = shapeOf({
    outcome: 'LOADED',
    rows: 3,
    tags: ['a', 'b'],
    slices: [{ slice: 'bulk', rows: 1 }, { slice: 'block' }],
    inner: { x: 1 },
  });
  expect(shape.facts).toEqual([
    ['outcome', 'LOADED'],
    ['rows', 3],
    ['tags', 'a, b'],
  ]);
  expect(shape.tables).toEqual([
    ['slices', { columns: ['slice', 'rows'], rows: [{ slice: 'bulk', rows: 1 }, { slice: 'block' }] }],
  ]);
  expect(shape.parts).toEqual([['inner', { x: 1 }]]);
});

it('makes no table of what is none', () => {
  expect(tableOf([])).toBeUndefined();
  expect(tableOf([1, 2])).toBeUndefined();
  expect(tableOf([Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`column${at}`, at]))])).toBeUndefined();
});
