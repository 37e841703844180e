import { expect, it } from 'vitest';
import { metricRange, metricSentence } from './metric-words.ts';

it('says a number and what is usual', () => {
  const usual = { runs: 30, median: 1.25, low: 1.1, high: 1.4, min: 1, max: 9, values: [] };
  const metric = { kind: 'task', unit: 'seconds', value: 1.23, verdict: 'usual', usual } as const;
  expect(metricSentence({ ...metric, name: 'scrape_bhavcopy' })).toBe('scrape_bhavcopy 1.23 s, usually 1.10 – 1.40 s');
  expect(
    metricSentence({ ...metric, kind: 'result', name: 'rows_loaded', unit: 'rows', value: 3283, usual: null }),
  ).toBe('rows loaded 3,283');
  expect(metricSentence({ ...metric, name: 'load', value: 9, verdict: 'above' })).toBe(
    'load 9.00 s, more than usual: 1.10 – 1.40 s',
  );
  expect(metricSentence({ ...metric, name: 'load', value: null, usual: null })).toBe('load not there yet');
});

it('writes a unit once, and equal ends once', () => {
  expect(metricRange('seconds', 0.02, 0.034)).toBe('20 – 34 ms');
  expect(metricRange('seconds', 0.05, 1.5)).toBe('50 ms – 1.50 s');
  expect(metricRange('seconds', 61, 125)).toBe('1 m 01 s – 2 m 05 s');
  expect(metricRange('rows', 3283, 3283)).toBe('3,283');
  expect(metricRange('bytes', 1_000_000, 2_500_000)).toBe('1.0 – 2.5 MB');
  expect(metricRange('ratio', 0.999, 1)).toBe('99.90 – 100 %');
});
