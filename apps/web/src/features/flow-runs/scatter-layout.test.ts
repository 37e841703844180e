import type { RunBar } from '@champion/contract';
import { expect, it } from 'vitest';
import { pagesOf } from './run-pages.ts';
import { nearest, scatter } from './scatter-layout.ts';

const box = { width: 800, height: 150, left: 40, right: 10, top: 10, bottom: 20 };
const bar = (id: string, timestamp: string, duration: number): RunBar => ({
  id,
  timestamp,
  duration,
  state_type: 'COMPLETED',
  lateness: 0,
});

it('puts later runs right, longer ones higher, and all of them inside', () => {
  const { dots, xTicks, yTicks } = scatter(
    [bar('short', '2026-01-12T12:30:00Z', 0), bar('long', '2026-01-14T12:30:00Z', 4000)],
    box,
  );
  const [short, long] = dots;
  expect(long?.x).toBeGreaterThan(short?.x ?? 0);
  expect(long?.y).toBeLessThan(short?.y ?? 0);
  for (const { x, y } of dots) {
    expect(x).toBeGreaterThanOrEqual(40);
    expect(x).toBeLessThanOrEqual(790);
    expect(y).toBeGreaterThanOrEqual(10);
    expect(y).toBeLessThanOrEqual(130);
  }
  expect(xTicks.length).toBeGreaterThan(1);
  expect(yTicks.map(({ value }) => value)).toContain(60);
});

it('draws one run, and none', () => {
  expect(scatter([], box).dots).toEqual([]);
  const [only] = scatter([bar('a', '2026-01-12T12:30:00Z', 2)], box).dots;
  expect(Number.isFinite(only?.x) && Number.isFinite(only?.y)).toBe(true);
});

it('finds the dot under the pointer', () => {
  const { dots } = scatter([bar('a', '2026-01-12T12:30:00Z', 1), bar('b', '2026-01-14T12:30:00Z', 9)], box);
  expect(nearest(dots, (dots[1]?.x ?? 0) + 3, dots[1]?.y ?? 0, 16)?.bar.id).toBe('b');
  expect(nearest(dots, 400, 75, 5)).toBeUndefined();
});

it('asks for the pages that are seen', () => {
  expect(pagesOf(0, 30, 200)).toEqual([0]);
  expect(pagesOf(190, 230, 200)).toEqual([0, 1]);
  expect(pagesOf(50_000, 50_040, 200)).toEqual([250]);
});
