import { expect, it } from 'vitest';
import { fieldsOf, readValue, textOf } from './schema-fields.ts';

const schema = {
  type: 'object',
  required: ['trade_date', 'load'],
  properties: {
    trade_date: { type: 'string', format: 'date', description: 'The session' },
    load: { type: 'boolean', default: true },
    limit: { anyOf: [{ type: 'integer', minimum: 1, maximum: 9 }, { type: 'null' }] },
    side: { enum: ['bulk', 'block'] },
    indices: { type: 'array', items: { type: 'string' } },
  },
};
const [date, load, limit, side, indices] = fieldsOf(schema);

it('makes a fitting field of each property', () => {
  expect([date, load, limit, side, indices].map((field) => field?.kind)).toEqual([
    'date',
    'boolean',
    'integer',
    'choice',
    'list',
  ]);
  expect(date).toMatchObject({ required: true, hint: 'The session' });
  // What has a default need not be given.
  expect(load).toMatchObject({ required: false, fallback: true });
  expect(limit?.hint).toBe('1 to 9');
  expect(fieldsOf({})).toEqual([]);
});

it('reads what is typed, and says why it cannot', () => {
  if (!date || !load || !limit || !indices) expect.unreachable();
  expect(readValue(date, '')).toEqual({ error: 'It needs a value' });
  expect(readValue(limit, '')).toEqual({});
  expect(readValue(limit, '7')).toEqual({ value: 7 });
  expect(readValue(limit, '7.5')).toEqual({ error: 'Not a whole number' });
  expect(readValue(load, 'false')).toEqual({ value: false });
  expect(readValue(date, '2026-02-28')).toEqual({ value: '2026-02-28' });
  for (const text of ['2026-02-30', '28.02.2026', 'today']) expect(readValue(date, text).error).toMatch(/^Not a date/);
  expect(readValue(limit, '10')).toEqual({ error: 'At most 9' });
  expect(readValue(indices, ' NIFTY 50\n\nNIFTY BANK')).toEqual({ value: ['NIFTY 50', 'NIFTY BANK'] });
  expect(textOf(indices, ['a', 'b'])).toBe('a\nb');
});

it('takes lists, several of a few, and what is left as JSON', () => {
  const [days, counts, shape, rows, name] = fieldsOf({
    properties: {
      days: { type: 'array', items: { enum: ['mon', 'tue'] }, minItems: 1 },
      counts: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 2 },
      shape: { type: 'object' },
      rows: { type: 'array', items: { type: 'object' } },
      name: { type: 'string', minLength: 2, maxLength: 4, pattern: '^[a-z]+$' },
    },
  });
  if (!days || !counts || !shape || !rows || !name) expect.unreachable();
  expect(days).toMatchObject({ kind: 'choices', choices: ['mon', 'tue'] });
  expect(readValue(days, 'mon\ntue')).toEqual({ value: ['mon', 'tue'] });
  expect(readValue(counts, '1\n2')).toEqual({ value: [1, 2] });
  expect(readValue(counts, '1\nx')).toEqual({ error: 'x: Not a whole number' });
  expect(readValue(counts, '1\n0')).toEqual({ error: '0: At least 1' });
  expect(readValue(counts, '1\n2\n3')).toEqual({ error: 'At most 2' });
  expect(readValue(shape, '{"a": [1]}')).toEqual({ value: { a: [1] } });
  expect(readValue(shape, '[1]')).toEqual({ error: 'It should be an object: {"a": 1}' });
  expect(readValue(rows, '{}')).toEqual({ error: 'It should be a list: ["a", "b"]' });
  expect(readValue(rows, '[{').error).toMatch(/^Not JSON: /);
  expect(['a', 'abcde', 'AB', 'abc'].map((text) => readValue(name, text))).toEqual([
    { error: 'At least 2 characters' },
    { error: 'At most 4 characters' },
    { error: 'It should look like ^[a-z]+$' },
    { value: 'abc' },
  ]);
});

it('keeps a secret that is masked', () => {
  const [url] = fieldsOf({
    required: ['url'],
    properties: { url: { type: 'string', title: 'Address', writeOnly: true, format: 'password', minLength: 9 } },
  });
  if (!url) expect.unreachable();
  expect(url).toMatchObject({ kind: 'secret', title: 'Address' });
  expect(readValue(url, '********')).toEqual({ value: '********' });
  expect(readValue(url, '')).toEqual({ error: 'It needs a value' });
});
