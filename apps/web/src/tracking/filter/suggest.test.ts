import { expect, it } from 'vitest';
import type { Run } from '../api/types.ts';
import { suggest } from './suggest.ts';

const point = { value: 1, timestamp: 0, step: 0 };
const run: Run = {
  id: 'a',
  name: 'bhavcopy-etl-2026-01-09',
  experimentId: '1',
  status: 'FINISHED',
  startTime: 0,
  endTime: 1,
  user: '',
  isDeleted: false,
  params: { trade_date: '2026-01-09', 'a key': "it's" },
  tags: { state: 'Completed', 'mlflow.runName': 'x' },
  metrics: { rows_processed: point, rows_loaded: point, total_duration: point },
};

/** What is offered at "|", and the whole text once the first is taken. */
function at(text: string) {
  const caret = text.indexOf('|');
  const whole = text.replace('|', '');
  const { from, to, options } = suggest(whole, caret, [run]);
  const first = options[0];
  return {
    texts: options.map((option) => option.text),
    taken: first === undefined ? whole : whole.slice(0, from) + first.text + whole.slice(to),
  };
}

it('offers the fields that the runs have, and those of every run', () => {
  expect(at('|').texts.slice(0, 5)).toEqual([
    'metrics.rows_loaded',
    'metrics.rows_processed',
    'metrics.total_duration',
    'params.`a key`',
    'params.trade_date',
  ]);
  expect(at('rows_p|')).toEqual({ texts: ['metrics.rows_processed'], taken: 'metrics.rows_processed' });
  expect(at("status = 'FAILED' and dur|").texts[0]).toBe('duration');
  expect(at('|').texts.join()).not.toContain('mlflow.');
});

it('offers what a field can be compared by', () => {
  expect(at('metrics.rows_loaded |').texts).toEqual(['>', '>=', '<', '<=', '=', '!=']);
  expect(at('duration |').texts).toContain('>=');
  expect(at('params.trade_date |').texts).toEqual(['=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL']);
  expect(at('tags.state IS |').texts).toEqual(['NULL', 'NOT NULL']);
});

it('offers the values there are, in quotes', () => {
  expect(at('params.trade_date = |').texts).toEqual(["'2026-01-09'"]);
  expect(at("params.`a key` = '|").taken).toBe("params.`a key` = 'it''s'");
  expect(at('tags.state = "C|').texts).toEqual(['"Completed"']);
  expect(at('status = |').texts).toContain("'FAILED'");
  expect(at('metrics.rows_loaded > |').texts).toEqual([]);
});

it('offers AND behind a condition, and replaces what is half typed', () => {
  expect(at('metrics.rows_loaded > 5 |').texts).toEqual(['AND']);
  expect(at('metrics.rows_loaded > 5 a|').taken).toBe('metrics.rows_loaded > 5 AND');
  expect(at("metrics.rows_pro|c > 5 and status = 'FAILED'").taken).toBe(
    "metrics.rows_processed > 5 and status = 'FAILED'",
  );
  expect(at("params.trade_date = '2026-01-09'|").texts).toEqual([]);
});
