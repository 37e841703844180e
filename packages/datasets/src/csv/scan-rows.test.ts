import { parseIsoDate } from '@champion/core';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { type RowLayout, readHeader, scanRows, textLines } from './scan-rows.ts';
import { typedFrame } from './typed-frame.ts';

const layout: RowLayout = {
  columns: { symbol: 'text', price: 'price', volume: 'count', day: 'date' },
  fields: 4,
  readDate: parseIsoDate,
};

function scan(text: string | Buffer) {
  const file = Buffer.from(text);
  const { header, dataStart } = readHeader(file);
  return { header, ...scanRows(file, dataStart, layout) };
}

const rulesOf = (line: string) =>
  scan(`h\n${line}\n`).malformed.map(({ rule, column, value }) => [rule, column, value]);

describe('scanRows', () => {
  it('accepts a byte-order mark, CRLF, blank lines and a missing last line end, and keeps line numbers', () => {
    const rows = scan('\ufeffsymbol,price,volume,day\r\nABC,1.50,10,2024-07-03\r\n\r\nM&M,,0,\r\nX,2,3,2024-07-03');
    expect(rows.header).toBe('symbol,price,volume,day');
    expect(rows.lineNumbers).toEqual([2, 4, 5]);
    expect(rows.malformed).toEqual([]);
    expect(rows.dates.get('day')).toEqual(['2024-07-03', null, '2024-07-03']);
    const frame = typedFrame(rows, layout);
    expect(frame.getColumn('price').cast(pl.String).toArray()).toEqual(['1.5000', null, '2.0000']);
  });

  it.each([
    ['A,1,2', 'field_count', '', '3'],
    ['A,1,2,2024-07-03,', 'field_count', '', '5'],
    ['A,1.2.3,2,2024-07-03', 'number_format', 'price', '1.2.3'],
    ['A,1.23456,2,2024-07-03', 'number_format', 'price', '1.23456'],
    ['A,-1,2,2024-07-03', 'number_format', 'price', '-1'],
    ['A,1e5,2,2024-07-03', 'number_format', 'price', '1e5'],
    ['A, 1,2,2024-07-03', 'number_format', 'price', ' 1'],
    ['A,.5,2,2024-07-03', 'number_format', 'price', '.5'],
    ['A,5.,2,2024-07-03', 'number_format', 'price', '5.'],
    ['A,123456789012345,2,2024-07-03', 'number_format', 'price', '123456789012345'],
    ['A,1,2.0,2024-07-03', 'number_format', 'volume', '2.0'],
    ['A,1,1234567890123456789,2024-07-03', 'number_format', 'volume', '1234567890123456789'],
    ['A,1,2,2024-02-30', 'date_format', 'day', '2024-02-30'],
  ])('sends "%s" to quarantine as %s', (line, rule, column, value) => {
    expect(rulesOf(line)).toEqual([[rule, column, value]]);
  });

  it('reads the dashes, signs and bare points of a format that has them, and text as text', () => {
    const dashed: RowLayout = {
      columns: { name: 'text', pe: 'price', change: 'signed', value: 'turnover', volume: 'count', day: 'date' },
      fields: 6,
      readDate: parseIsoDate,
      absent: '-',
      barePoint: true,
    };
    const file = Buffer.from(
      ['h', '-,.34,-.77,.5,-,-', 'B,-,-,-,7,2024-07-03', ',0.34,-12.3456,1.5,,', 'C,9,.5,2,3,'].join('\n'),
    );
    const rows = scanRows(file, 2, dashed);
    expect(rows.malformed).toEqual([]);
    expect(rows.dates.get('day')).toEqual([null, '2024-07-03', null, null]);
    const frame = typedFrame(rows, dashed);
    const printed = (name: string) => frame.getColumn(name).cast(pl.String).toArray();
    expect(printed('name')).toEqual(['-', 'B', null, 'C']);
    expect(printed('pe')).toEqual(['0.3400', null, '0.3400', '9.0000']);
    expect(printed('change')).toEqual(['-0.7700', null, '-12.3456', '0.5000']);
    expect(printed('value')).toEqual(['0.5000', null, '1.5000', '2.0000']);
    expect(printed('volume')).toEqual([null, '7', null, '3']);

    const bad = ['-1', '.', '--', '5.', '.12345'].map((pe) => `A,${pe},1,1,1,`);
    bad.push(...['--1', '-.', '+1', '1-', '-123456789012345'].map((change) => `A,1,${change},1,1,`));
    bad.push('A,1,1,-1,1,', 'A,1,1,1,-1,', 'A,1,1,1,.5,');
    const faults = scanRows(Buffer.from(['h', ...bad].join('\n')), 2, dashed).malformed;
    expect(faults.map(({ line, rule }) => [line, rule])).toEqual(bad.map((_, i) => [i + 2, 'number_format']));
  });

  it.each(['A"B,1,2,2024-07-03', '"A,1,2,2024-07-03', '"A"B,1,2,2024-07-03'])('refuses the quotes of %s', (line) => {
    expect(rulesOf(line)).toEqual([['quoting', '', null]]);
  });

  it('reads a quoted comma as part of the field', () => {
    const rows = scan('h\n"A, ""B""",1,2,2024-07-03\n');
    expect(rows.malformed).toEqual([]);
    expect(typedFrame(rows, layout).getColumn('symbol').toArray()).toEqual(['A, "B"']);
  });

  it('loses only the line that is not UTF-8', () => {
    const rows = scan(
      Buffer.concat([Buffer.from('h\nA,1,2,\n'), Buffer.from([0xff, 0x2c, 10]), Buffer.from('B,1,2,\n')]),
    );
    expect(rows.lineNumbers).toEqual([2, 4]);
    expect(rows.malformed).toEqual([{ line: 3, rule: 'encoding', column: '', value: null }]);
  });

  it('accounts for every line of whatever bytes come in, and types what it let through', () => {
    const field = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('', '1', '1.5', 'ABC', '2024-07-03', '"q"', '"', '0.00001', '99999999999999.9999'),
    );
    const line = fc.array(field, { minLength: 1, maxLength: 6 }).map((fields) => fields.join(','));
    const file = fc.oneof(
      fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(['h', ...lines].join('\n'))),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(file, (bytes) => {
        const rows = scan(bytes);
        const written = textLines(bytes)
          .slice(1)
          .filter((text) => text !== '');
        expect(rows.lineNumbers.length + rows.malformed.length).toBe(written.length);
        if (rows.lineNumbers.length > 0) expect(typedFrame(rows, layout).height).toBe(rows.lineNumbers.length);
      }),
      { numRuns: Number(process.env.CHAMPION_TEST_RUNS ?? 500) },
    );
  });
});
