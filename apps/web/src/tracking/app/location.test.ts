import { expect, it } from 'vitest';
import { hrefs, locate } from './location.ts';

it.each([
  ['', { page: 'experiments' }],
  ['#/', { page: 'experiments' }],
  ['#/experiments', { page: 'experiments' }],
  ['#/experiments/3', { page: 'experiment', experimentId: '3' }],
  ['#/experiments/3/', { page: 'experiment', experimentId: '3' }],
  ['#/experiments/3/runs', { page: 'experiment', experimentId: '3' }],
  ['#/experiments/3/traces', { page: 'experiment', experimentId: '3' }],
  ['#/experiments/3/runs/0ab', { page: 'run', experimentId: '3', runId: '0ab' }],
  ['#/experiments/3/runs/0ab/model-metrics', { page: 'run', experimentId: '3', runId: '0ab' }],
  ['#/compare-runs?runs=a,b', { page: 'compare' }],
  ['#/models', { page: 'nowhere' }],
  ['#/experiments/%', { page: 'experiment', experimentId: '%' }],
])('"%s" is a place, as for MLflow', (hash, place) => {
  expect(locate(hash).place).toEqual(place);
});

it('reads what a link says, whatever is in it', () => {
  const search = { filter: "metrics.a > 5 and params.b = 'x?y&z, ü'", columns: ['metrics.a', 'params.b'], tab: 'runs' };
  const { place, search: read } = locate(hrefs.experiment('7', search));
  expect(place).toEqual({ page: 'experiment', experimentId: '7' });
  expect(read).toEqual({ ...search, columns: 'metrics.a,params.b' });
  expect(locate(hrefs.run('7', 'a/b', { metric: 'm' }))).toEqual({
    place: { page: 'run', experimentId: '7', runId: 'a/b' },
    search: { metric: 'm' },
  });
  expect(hrefs.compare(['a', 'b'])).toBe('#/compare-runs?runs=a,b');
});
