import { describe, expect, it } from 'vitest';
import { cellText, isNumeric, isTemporal, toCsv, widthOf } from './cells.ts';
import { chartOf, numericColumns, suggestAxes } from './chart-data.ts';
import { readSaved, withQuery } from './saved.ts';
import { readSqlSearch } from './search.ts';

const columns = [
  { name: 'trade_date', type: 'Date' },
  { name: 'symbol', type: 'LowCardinality(String)' },
  { name: 'close', type: 'Nullable(Decimal(18, 4))' },
];
const rows = [
  ['2026-01-13', 'M&M', '10.5000'],
  ['2026-01-12', 'A, "B"', null],
];
const answer = { columns, rows };

describe('cells', () => {
  it('sees through Nullable and LowCardinality', () => {
    expect(columns.map(({ type }) => [isNumeric(type), isTemporal(type)])).toEqual([
      [false, true],
      [false, false],
      [true, false],
    ]);
    expect(isNumeric('Array(UInt8)')).toBe(false);
  });

  it('shows values as they are', () => {
    expect(cellText('10.5000')).toBe('10.5000');
    expect(cellText(['a', 1])).toBe('["a",1]');
    expect(cellText(null)).toBe('');
  });

  it('writes CSV by RFC 4180', () => {
    expect(toCsv(columns, [...rows, ['2026-01-14', '', 'x\ny']])).toBe(
      'trade_date,symbol,close\r\n2026-01-13,M&M,10.5000\r\n2026-01-12,"A, ""B""",\r\n2026-01-14,"","x\ny"\r\n',
    );
  });

  it('gives columns the room of their widest value, within reason', () => {
    const name = { name: 'a', type: 'String' };
    expect(widthOf(name, [['x'.repeat(500)]], 0)).toBe(340);
    expect(widthOf(name, [['x']], 0)).toBe(48);
  });
});

describe('charts', () => {
  it('suggests a line over time, bars over words', () => {
    expect(suggestAxes(answer)).toEqual({ x: 'trade_date', y: ['close'], kind: 'line' });
    const words = { columns: columns.slice(1), rows: [] };
    expect(suggestAxes(words)).toEqual({ x: 'symbol', y: ['close'], kind: 'bars' });
    expect(numericColumns(answer)).toEqual(['close']);
  });

  it('orders times, and leaves gaps where there is no number', () => {
    const chart = chartOf(answer, 'trade_date', ['close']);
    expect(chart).toMatchObject({ time: true, labels: ['2026-01-12', '2026-01-13'], values: [[null, 10.5]] });
    expect(chart.x).toEqual([Date.UTC(2026, 0, 12) / 1000, Date.UTC(2026, 0, 13) / 1000]);
  });

  it('keeps the order of rows otherwise', () => {
    expect(chartOf(answer, 'symbol', ['close'])).toMatchObject({ time: false, x: [0, 1], labels: ['M&M', 'A, "B"'] });
    expect(chartOf(answer, undefined, [])).toMatchObject({ labels: ['1', '2'], values: [] });
  });
});

describe('saved queries', () => {
  it('reads what it wrote, and takes anything else for nothing', () => {
    const saved = withQuery([{ name: 'a', sql: '1' }], { name: 'b', sql: '2' });
    expect(readSaved(JSON.stringify(saved))).toEqual(saved);
    expect(readSaved('{')).toEqual([]);
    expect(readSaved('{}')).toEqual([]);
    expect(readSaved('[null, {"name": 1}, {"name": "a", "sql": "1"}]')).toEqual([{ name: 'a', sql: '1' }]);
  });

  it('replaces one of the same name', () => {
    expect(withQuery([{ name: 'a', sql: '1' }], { name: 'a', sql: '2' })).toEqual([{ name: 'a', sql: '2' }]);
  });
});

it('reads its search parameters', () => {
  expect(readSqlSearch({ q: 'SELECT 1', rows: '1000' })).toEqual({ q: 'SELECT 1', rows: '1000' });
  expect(readSqlSearch({ q: 'x'.repeat(7000), rows: '5' })).toEqual({});
});
