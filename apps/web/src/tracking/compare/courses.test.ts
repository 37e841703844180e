import { expect, it } from 'vitest';
import { along, usualAxis } from '../run/history-points.ts';
import { courses } from './courses.ts';

const point = (step: number, value: number, timestamp = step) => ({ step, value, timestamp });

it('lays the courses of runs on one axis', () => {
  const points = [
    { runId: 'b', ...point(2, 20) },
    { runId: 'a', ...point(0, 1) },
    { runId: 'a', ...point(2, 4, 9) },
    { runId: 'a', ...point(2, 3, 5) },
    { runId: 'a', ...point(1, Number.NaN) },
    { runId: 'other', ...point(0, 5) },
  ];
  expect(courses(points, ['a', 'b'])).toEqual({
    x: [0, 1, 2],
    lines: [
      [1, null, 4],
      [null, null, 20],
    ],
  });
});

it('draws a course by step or by time, in order, and leaves gaps for what is no number', () => {
  const points = [point(2, 3, 1_000), point(1, Number.POSITIVE_INFINITY, 3_000), point(0, 1, 2_000)];
  expect(along(points, 'step')).toEqual({ x: [0, 1, 2], y: [1, null, 3] });
  expect(along(points, 'time')).toEqual({ x: [1, 2, 3], y: [3, 1, null] });
  expect(usualAxis(points)).toBe('step');
  expect(usualAxis([point(0, 1, 1), point(0, 2, 2)])).toBe('time');
});
