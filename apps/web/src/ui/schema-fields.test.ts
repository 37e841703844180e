import { expect, it } from 'vitest';
import { fieldsOf, readValue } from './schema-fields.ts';

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
    'json',
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
  expect(readValue(indices, '["a"]')).toEqual({ value: ['a'] });
  expect(readValue(indices, '[')).toEqual({ error: 'Not JSON' });
});
