import { ChampionError } from '@champion/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPERIMENT_WORDS, RUN_WORDS } from './fields.ts';
import { FilterError } from './filter-error.ts';
import { type Comparison, parseFilter, parseOrderBy } from './parse.ts';

const parse = (text: string) => parseFilter(text, RUN_WORDS);
const one = (text: string) => parse(text)[0];
const metric = (key: string) => ({ entity: 'metric', key });
const param = (key: string) => ({ entity: 'param', key });
const tag = (key: string) => ({ entity: 'tag', key });

function refused(work: () => unknown): FilterError {
  try {
    work();
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a filter', () => {
  it('of nothing is no condition', () => {
    expect(parse('')).toEqual([]);
    expect(parse(' \n\t ')).toEqual([]);
  });

  it('compares numbers', () => {
    for (const operator of ['=', '!=', '>', '>=', '<', '<=']) {
      expect(one(`metrics.loss${operator}0.5`)).toEqual({
        kind: 'number',
        field: metric('loss'),
        operator,
        value: 0.5,
      });
    }
    for (const [text, value] of [
      ['-3', -3],
      ['1e-4', 1e-4],
      ['.5', 0.5],
      ['5.', 5],
      ['+2E3', 2_000],
    ] as const) {
      expect(one(`metric.loss > ${text}`)).toMatchObject({ value });
    }
    expect(one('attributes.start_time > 1664067852747')).toMatchObject({
      field: { entity: 'attribute', key: 'start_time', kind: 'number' },
    });
  });

  it('compares text', () => {
    expect(one("params.model = 'tree'")).toEqual({ kind: 'text', field: param('model'), operator: '=', value: 'tree' });
    expect(one('params.model != "tree"')).toMatchObject({ operator: '!=', value: 'tree' });
    expect(one("tags.a like 'x%'")).toEqual({ kind: 'text', field: tag('a'), operator: 'LIKE', value: 'x%' });
    expect(one("status ILIKE 'fin%'")).toMatchObject({ operator: 'ILIKE', field: { key: 'status' } });
    expect(one("tags.a = 'it''s \"so\" \\'")).toMatchObject({ value: 'it\'s "so" \\' });
    expect(one("tags.a = ''")).toMatchObject({ value: '' });
  });

  it('knows every prefix, attribute and alias', () => {
    for (const prefix of ['param', 'params', 'parameter', 'parameters', '`params`', '"params"']) {
      expect(one(`${prefix}.a = '1'`)).toMatchObject({ field: param('a') });
    }
    for (const prefix of ['', 'attribute.', 'attributes.', 'attr.', 'run.']) {
      expect(one(`${prefix}run_id = 'a'`)).toMatchObject({ field: { entity: 'attribute', key: 'run_id' } });
    }
    for (const name of ['run_name', '`run name`', 'attributes."Run Name"']) {
      expect(one(`${name} = 'a'`)).toMatchObject({ field: { key: 'run_name', kind: 'string' } });
    }
    expect(one('Created > 5')).toMatchObject({ field: { key: 'start_time', kind: 'number' } });
    expect(one("user_id = 'a' AND artifact_uri LIKE 'a%' AND end_time < 5")).toBeDefined();
  });

  it('takes odd keys, in quotes or where nothing else can be meant', () => {
    expect(one('metrics."a b" > 1')).toMatchObject({ field: metric('a b') });
    expect(one('metrics.`a/b-c:d.e` > 1')).toMatchObject({ field: metric('a/b-c:d.e') });
    expect(one('metrics.a/b-c:d.e>1')).toMatchObject({ field: metric('a/b-c:d.e') });
    expect(one("tags.'mlflow.runName' = 'x'")).toMatchObject({ field: tag('mlflow.runName') });
    expect(one('`metrics`.`a b` > 1')).toMatchObject({ field: metric('a b') });
    expect(one('metrics.ключ > 1')).toMatchObject({ field: metric('ключ') });
  });

  it('looks into lists and for what is there at all', () => {
    expect(one('run_id IN (\'a\', "b",)')).toMatchObject({ kind: 'list', negated: false, values: ['a', 'b'] });
    expect(one("attributes.run_id not in ('a')")).toMatchObject({ kind: 'list', negated: true, values: ['a'] });
    expect(one('params.a IS NULL')).toEqual({ kind: 'presence', field: param('a'), present: false });
    expect(one('tags.`a b` is not null')).toEqual({ kind: 'presence', field: tag('a b'), present: true });
  });

  it('joins conditions by AND, however it is written', () => {
    expect(parse("metrics.a > 1 and params.b = 'x'AND tags.c='y'\nAnd end_time>0")).toHaveLength(4);
  });

  it.each([
    ['metrics.a > 1 OR metrics.b > 2', 14, 'AND', 'OR', /no OR/],
    ['(metrics.a > 1)', 0, 'a field', '(', /no grouping/],
    ["metrics.a > 'x'", 12, 'a number', "'x'", /without quotes/],
    ['params.a = 5', 11, 'text in quotes', '5', /'5' in single or double quotes/],
    ['params.a = tree', 11, 'text in quotes', 'tree', /'tree'/],
    ['params.a = `tree`', 11, 'text in quotes', '`tree`', /'tree'/],
    ["params.a > '5'", 9, 'one of = != LIKE ILIKE', '>', /is text/],
    ["metrics.a LIKE '5'", 10, 'one of = != > >= < <=', 'LIKE', /is a number/],
    ['metrics.a == 5', 10, 'one of = != > >= < <=', '==', /Write = instead/],
    ['metrics.a <> 5', 10, 'one of = != > >= < <=', '<>', /Write != instead/],
    ['metric.a >', 10, 'a number', undefined, /compare it with one/],
    ['metrics.a', 9, 'one of = != > >= < <=', undefined, /is a number/],
    ['metrics. > 5', 9, 'a key after the dot', '>', /metrics.`a key`/],
    ['metrics.`` > 5', 8, 'a key after the dot', '``', /metrics.`a key`/],
    ['metricz.a > 5', 0, 'an entity type', 'metricz.a', /Did you mean metric\?/],
    ["dataset.name = 'x'", 0, 'an entity type', 'dataset.name', /not supported/],
    ['start_tme > 5', 0, 'an attribute', 'start_tme', /Did you mean start_time\?/],
    ["lifecycle_stage = 'x'", 0, 'an attribute', 'lifecycle_stage', /Valid attributes are run_id/],
    ["status IN ('a')", 7, 'a comparison with one value', 'IN', /Only run_id/],
    ["params.a NOT IN ('a')", 9, 'a comparison with one value', 'NOT', /Only run_id/],
    ["run_id IN 'a'", 10, '(', "'a'", /list of texts/],
    ["run_id IN ('a'", 14, ')', undefined, /close the list/],
    ['run_id IN ()', 11, 'text in quotes', ')', /'value'/],
    ["run_id NOT 'a'", 11, 'IN after NOT', "'a'", /NOT IN/],
    ['metrics.a IS NULL', 10, 'a comparison with a value', 'IS', /params and tags/],
    ['params.a IS 5', 12, 'NULL', '5', /IS NOT NULL/],
    ["params.a = 'x", 13, "a closing ' for the one at character 12", undefined, /Close the quote/],
    ['metrics.a > 5x', 12, 'a number such as 0.5, -3 or 1e-4', '5x', /finite number/],
    ['metrics.a > 1e999', 12, 'a number such as 0.5, -3 or 1e-4', '1e999', /finite number/],
    ['metrics.a > 5;', 13, 'a field, a comparison or a value', ';', /quotes/],
    ['metrics.a > 5 AND', 17, 'a field', undefined, /starts with a field/],
    ['metrics.a > 5 metrics.b > 5', 14, 'AND', 'metrics.b', /joined by AND/],
    ["tags.a = 'b\u0000'", 11, 'text without NUL characters', '\\u0000', /NUL/],
  ])('%s is refused at its place', (text, position, expected, found, hint) => {
    const error = refused(() => parse(text));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', position, expected, hint: expect.stringMatching(hint) });
    expect(error.found).toBe(found);
    expect(error.message).toContain(`character ${position + 1}`);
  });

  it('is bounded', () => {
    const many = (count: number) => Array.from({ length: count }, () => 'metrics.a > 1').join(' AND ');
    expect(parse(many(50))).toHaveLength(50);
    expect(refused(() => parse(many(51))).expected).toBe('at most 50 conditions');
    expect(refused(() => parse(' '.repeat(20_001))).expected).toBe('at most 20,000 characters');
    const list = (count: number) => `run_id IN (${Array.from({ length: count }, () => "'a'").join(',')})`;
    expect(refused(() => parse(list(1_001))).expected).toBe('at most 1000 values');
  });

  it('over experiments knows their words only', () => {
    const experiments = (text: string) => parseFilter(text, EXPERIMENT_WORDS);
    expect(experiments("name LIKE 'a%' AND attribute.creation_time > 5 AND tags.x IS NULL")).toHaveLength(3);
    expect(experiments("experiment_id IN ('1', '2')")).toHaveLength(1);
    expect(refused(() => experiments('metrics.a > 1')).hint).toMatch(/tag, tags, attribute/);
  });
});

describe('an order', () => {
  const order = (...texts: string[]) => parseOrderBy(texts, RUN_WORDS);

  it('is a list of fields, ascending when nothing is said', () => {
    expect(order('metrics.`a b` desc', 'start_time', 'params.x ASC')).toEqual([
      { field: metric('a b'), ascending: false },
      { field: { entity: 'attribute', key: 'start_time', kind: 'number' }, ascending: true },
      { field: param('x'), ascending: true },
    ]);
  });

  it.each([
    ['metrics.a DOWN', 10, 'ASC, DESC or the end'],
    ['metrics.a DESC, metrics.b', 14, 'ASC, DESC or the end'],
    ['', 0, 'a field'],
    ['nothing', 0, 'an attribute'],
  ])('%s is refused at its place', (text, position, expected) => {
    expect(refused(() => order(text))).toMatchObject({ position, expected });
  });

  it('names a field once', () => {
    expect(refused(() => order('start_time', 'attributes.created DESC')).hint).toMatch(/duplicate/);
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    'metrics.a',
    'metrics.',
    'params.`b c`',
    '`',
    "'",
    '"',
    "'x'",
    'AND',
    'OR',
    'NOT',
    'IN',
    'IS',
    'NULL',
    'LIKE',
    '(',
    ')',
    ',',
    '=',
    '!=',
    '<',
    '>=',
    '==',
    '5',
    '-1e3',
    '.',
    ' ',
    '\n',
    ';',
    '--',
    '/*',
    'run_id',
    'start_time',
    'tags."t"',
    '\\',
    '\u0000',
    '😀',
    '\uD800',
    'DESC',
    '$1',
    '%',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join(' ')),
  );

  it('is a filter or refused at a place in it', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(RUN_WORDS, EXPERIMENT_WORDS), (text, words) => {
        for (const work of [() => parseFilter(text, words), () => parseOrderBy([text], words)]) {
          try {
            expect(Array.isArray(work())).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(ChampionError);
            expect(error).toBeInstanceOf(FilterError);
            const { position, expected, hint } = error as FilterError;
            expect(position).toBeGreaterThanOrEqual(0);
            expect(position).toBeLessThanOrEqual(text.length);
            expect(expected).not.toBe('');
            expect(hint).not.toBe('');
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('that is written from conditions is read as them', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000'));
    const key = text.filter((value) => value !== '');
    const quoted = (value: string, quote: string) => quote + value.replaceAll(quote, quote + quote) + quote;
    const field = fc.tuple(fc.constantFrom('metric', 'param', 'tag'), key);
    const condition = fc.tuple(
      field,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      text,
      fc.constantFrom("'", '"'),
    );
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 5 }), (conditions) => {
        const written = conditions.map(([[entity, name], number, value, quote]) =>
          entity === 'metric'
            ? `metrics.${quoted(name, '`')} >= ${number}`
            : `${entity}s.${quoted(name, quote)} = ${quoted(value, quote)}`,
        );
        const meant = conditions.map(
          ([[entity, name], number, value]) =>
            (entity === 'metric'
              ? { kind: 'number', field: { entity, key: name }, operator: '>=', value: number }
              : { kind: 'text', field: { entity, key: name }, operator: '=', value }) as Comparison,
        );
        expect(parse(written.join(' AND '))).toEqual(meant);
      }),
    );
  });
});
