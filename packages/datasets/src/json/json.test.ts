import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { type FieldType, frameOfTexts, readField } from './fields.ts';
import { type JsonValue, jsonText, list, numberText, object, parseJson, text } from './read-json.ts';
import { parseSiteTime, siteTimeOn } from './site-time.ts';

const read = (json: string) => parseJson(Buffer.from(json), 'file.json');
const runs = { numRuns: Number(process.env.CHAMPION_TEST_RUNS ?? 300) };

/** The value as JavaScript would have read it. */
function plain(value: JsonValue | undefined): unknown {
  const digits = numberText(value);
  if (digits !== undefined) return Number(digits);
  if (Array.isArray(value)) return list(value)?.map(plain);
  const fields = object(value);
  return fields ? Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, plain(each)])) : value;
}

describe('parseJson', () => {
  it.each(['1.50', '12345678901234567890.10', '-0.10000000000000009', '1E7', '0', '-0', '1.7e-5'])(
    'keeps the digits of %s',
    (digits) => {
      expect(numberText(read(digits))).toBe(digits);
      expect(jsonText(read(`{"a":[${digits},"b 1"]}`))).toBe(`{"a":[${digits},"b 1"]}`);
    },
  );

  it('tells numbers from strings', () => {
    const row = object(read('{"number":1.0,"string":"1.0","quoted":"say \\"2\\" 3","blank":" "}'));
    expect([numberText(row?.number), text(row?.number)]).toEqual(['1.0', undefined]);
    expect([numberText(row?.string), text(row?.string)]).toEqual([undefined, '1.0']);
    expect([text(row?.quoted), text(row?.blank)]).toEqual(['say "2" 3', undefined]);
  });

  it('reads what JavaScript reads', () => {
    // A string that begins with the character U+0000 would be taken for a number's digits; none is published.
    const value = fc.jsonValue().filter((each) => !JSON.stringify(each).includes('\\u0000'));
    fc.assert(
      fc.property(value, fc.nat({ max: 2 }), (each, indent) => {
        const json = JSON.stringify(each, null, indent);
        expect(JSON.stringify(plain(read(json)))).toBe(JSON.stringify(JSON.parse(json)));
      }),
      runs,
    );
  });

  it('refuses what JavaScript refuses, as CORRUPT', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '0',
      '1',
      '-',
      '.',
      'e',
      ' ',
      'a',
      'null',
      '"a"',
    );
    const json = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(json, (each) => {
        let fine = true;
        try {
          JSON.parse(each);
        } catch {
          fine = false;
        }
        if (fine) read(each);
        else expect(() => read(each)).toThrowError(expect.objectContaining({ name: 'ChampionError', code: 'CORRUPT' }));
      }),
      runs,
    );
  });

  it.each([
    ['', 'is empty'],
    ['{"a":1', 'breaks off'],
    ['<html>', 'breaks off'],
  ])('says what is wrong with "%s"', (json, message) => {
    expect(() => read(json)).toThrowError(expect.objectContaining({ message: expect.stringContaining(message) }));
  });

  it('refuses other encodings', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]), 'x')).toThrowError(/not UTF-8/);
  });
});

describe('readField', () => {
  it.each<[string, FieldType, string | null | undefined]>([
    ['1236.5', 'price', '1236.5000'],
    ['1.72452037822459E12', 'amount', '1724520378224.5900'],
    ['5e-5', 'price', undefined],
    ['5e-5', 'computed', '0.0001'],
    ['92.66666666666667', 'computed', '92.6667'],
    ['-0.10000000000000009', 'change', '-0.1000'],
    ['-0.00001', 'computed', '0.0000'],
    ['-1', 'price', undefined],
    ['1e999999999', 'amount', undefined],
    ['100000000000000', 'price', undefined],
    ['99999999999999.9999', 'price', '99999999999999.9999'],
    ['12.0', 'count', '12'],
    ['12.5', 'count', undefined],
    ['"12"', 'count', '12'],
    ['"-"', 'price', null],
    ['"-"', 'text', null],
    ['" "', 'price', null],
    ['null', 'price', null],
    ['true', 'price', undefined],
    ['[]', 'text', undefined],
    ['" a "', 'text', 'a'],
    ['1.50', 'text', '1.50'],
    ['""', 'text', null],
  ])('%s as %s is %s', (json, type, expected) => {
    expect(readField(read(json), type)).toBe(expected);
  });

  it('gives only what fits the type, whatever comes', () => {
    const types: FieldType[] = ['price', 'change', 'computed', 'amount', 'count', 'text'];
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.double(), fc.bigInt()), fc.constantFrom(...types), (value, type) => {
        const field = readField(read(typeof value === 'bigint' ? String(value) : JSON.stringify(value)), type);
        if (field === undefined) return;
        const back = frameOfTexts({ field: type }, [{ field }]).getColumn('field').cast(pl.String).toArray();
        expect(back).toEqual([field]);
      }),
      runs,
    );
  });
});

describe('the site’s time', () => {
  it('is Indian time, whatever the machine’s', () => {
    expect(parseSiteTime('20-May-2026 14:34:42')).toEqual({
      date: '2026-05-20',
      time: '14:34:42',
      instant: new Date('2026-05-20T09:04:42Z'),
    });
    for (const other of ['20-May-2026', '20-May-2026 24:00:00', '31-Feb-2026 10:00:00', '2026-05-20 10:00:00', '']) {
      expect(parseSiteTime(other), other).toBeUndefined();
    }
  });

  it('must be of the day asked for', () => {
    const on = (stamp: string | undefined) => () => siteTimeOn(stamp, '2026-05-20' as never, 'answer');
    expect(on('20-May-2026 16:00:00')()).toMatchObject({ time: '16:00:00' });
    expect(on('19-May-2026 16:00:00')).toThrowError(expect.objectContaining({ code: 'CORRUPT' }));
    expect(on(undefined)).toThrowError(/does not say of when/);
  });
});
