import { expect, it } from 'vitest';
import { fieldOf, grammarOf, nameOf, orderGrammar, orderText, readOrder, usualColumns } from './fields.ts';

it('writes a field as the grammar wants it', () => {
  expect(grammarOf({ entity: 'metrics', key: 'rows_processed' })).toBe('metrics.rows_processed');
  expect(grammarOf({ entity: 'params', key: 'a key' })).toBe('params.`a key`');
  expect(fieldOf('tags.error.code')).toEqual({ entity: 'tags', key: 'error.code' });
  expect(nameOf({ entity: 'tags', key: 'error.code' })).toBe('tags.error.code');
  expect(fieldOf('start_time')).toBeUndefined();
});

it('reads an order from an address', () => {
  expect(readOrder('metrics.a b DESC')).toEqual({ name: 'metrics.a b', ascending: false });
  expect(readOrder('start_time')).toEqual({ name: 'start_time', ascending: true });
  expect(readOrder('anything DESC')).toBeUndefined();
  expect(readOrder(undefined)).toBeUndefined();
  const order = { name: 'metrics.a b', ascending: false };
  expect(readOrder(orderText(order))).toEqual(order);
  expect(orderGrammar(order)).toBe('metrics.`a b` DESC');
});

it('shows what flows tell, and of other runs a few', () => {
  const keys = { metrics: ['file_size_mb', 'other', 'rows_processed'], params: ['trade_date'], tags: ['state'] };
  expect(usualColumns(keys)).toEqual(['params.trade_date', 'metrics.rows_processed', 'metrics.file_size_mb']);
  expect(usualColumns({ metrics: ['loss'], params: ['lr'], tags: [] })).toEqual(['params.lr', 'metrics.loss']);
});
