import { expect, it } from 'vitest';
import { directionFor, layered, sizeOf } from './graph-layout.ts';

const layerOf = (placed: ReturnType<typeof layered>, id: string) => placed.find((node) => node.id === id)?.layer;

it('puts each task right of all that it waits for', () => {
  const placed = layered([
    { id: 'load', parents: ['write', 'scrape'] },
    { id: 'scrape', parents: [] },
    { id: 'write', parents: ['parse'] },
    { id: 'parse', parents: ['scrape'] },
  ]);
  expect(['scrape', 'parse', 'write', 'load'].map((id) => layerOf(placed, id))).toEqual([0, 1, 2, 3]);
});

it('keeps lines from crossing where it can', () => {
  const placed = layered([
    { id: 'a', parents: [] },
    { id: 'b', parents: [] },
    { id: 'of b', parents: ['b'] },
    { id: 'of a', parents: ['a'] },
  ]);
  const place = (id: string) => placed.find((node) => node.id === id)?.place ?? Number.NaN;
  expect(Math.sign(place('a') - place('b'))).toBe(Math.sign(place('of a') - place('of b')));
});

it('takes parents it does not know, circles and long chains', () => {
  expect(layerOf(layered([{ id: 'a', parents: ['elsewhere'] }]), 'a')).toBe(0);
  const circle = layered([
    { id: 'a', parents: ['b'] },
    { id: 'b', parents: ['a'] },
  ]);
  expect(circle).toHaveLength(2);
  const chain = Array.from({ length: 5000 }, (_, at) => ({
    id: `${at}`,
    parents: at === 0 ? [] : [`${at - 1}`],
  })).reverse();
  expect(layerOf(layered(chain), '4999')).toBe(4999);
  expect(layered([])).toEqual([]);
});

it('runs downwards where there is more room to, and says what it takes', () => {
  const box = { width: 200, height: 40 };
  const chain = layered(
    ['a', 'b', 'c', 'd', 'e'].map((id, at, all) => ({ id, parents: all.slice(Math.max(0, at - 1), at) })),
  );
  expect(sizeOf(chain, box, 'right')).toEqual({ width: 5 * 256 - 56, height: 40 });
  expect(sizeOf(chain, box, 'down')).toEqual({ width: 200, height: 5 * 80 - 40 });
  expect(directionFor(chain, box, { width: 1200, height: 600 })).toBe('right');
  expect(directionFor(chain, box, { width: 360, height: 600 })).toBe('down');
  expect(directionFor(chain, box, undefined)).toBe('right');
});
