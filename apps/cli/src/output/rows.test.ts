import { describe, expect, it } from 'vitest';
import { type Answer, type Format, renderRows } from './rows.ts';

const answer: Answer = {
  columns: [
    { name: 'symbol', type: 'String' },
    { name: 'close', type: 'Nullable(Decimal(18, 4))' },
    { name: 'volume', type: 'UInt64' },
    { name: 'tags', type: 'Array(String)' },
  ],
  rows: [
    ['M&M', '2890.6500', '12058807', ['a', 'b']],
    ['say "hi", ok', null, '7', []],
    ['two\nlines', '0.0500', '18446744073709551615', null],
    ['', '-1.0000', '0', [1]],
  ],
};
const empty: Answer = { columns: [{ name: 'n', type: 'UInt8' }], rows: [] };
const render = (from: Answer, format: Format) => [...renderRows(from, format)].join('');

describe('renderRows', () => {
  it('prints a table, numbers to the right', () => {
    expect(render(answer, 'table')).toBe(
      [
        'symbol            close                volume  tags',
        '────────────  ─────────  ────────────────────  ─────────',
        'M&M           2890.6500              12058807  ["a","b"]',
        'say "hi", ok          ∅                     7  []',
        'two\\nlines       0.0500  18446744073709551615  ∅',
        '                -1.0000                     0  [1]',
        '',
      ].join('\n'),
    );
  });

  it('prints CSV that tells NULL from an empty text', () => {
    expect(render(answer, 'csv')).toBe(
      [
        'symbol,close,volume,tags',
        'M&M,2890.6500,12058807,"[""a"",""b""]"',
        '"say ""hi"", ok",,7,[]',
        '"two\nlines",0.0500,18446744073709551615,',
        '"",-1.0000,0,[1]',
        '',
      ].join('\n'),
    );
  });

  it('prints JSON with every digit', () => {
    const rows = JSON.parse(render(answer, 'json'));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toEqual({ symbol: 'M&M', close: '2890.6500', volume: '12058807', tags: ['a', 'b'] });
    expect(rows[1].close).toBeNull();
    expect(render(answer, 'json').split('\n')).toHaveLength(7);
  });

  it('prints one object a line as jsonl', () => {
    const lines = render(answer, 'jsonl').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(render(answer, 'json')));
  });

  it('prints no rows', () => {
    expect(render(empty, 'table')).toBe('n\n─\n');
    expect(render(empty, 'csv')).toBe('n\n');
    expect(JSON.parse(render(empty, 'json'))).toEqual([]);
    expect(render(empty, 'jsonl')).toBe('');
  });

  it('lets no stored text write to the terminal, and cuts wide cells of a table only', () => {
    const wide = 'x'.repeat(300);
    const stored: Answer = { columns: [{ name: 's', type: 'String' }], rows: [['\u001b[31mred'], [wide]] };
    expect(render(stored, 'table')).toContain('\\u001b[31mred');
    expect(render(stored, 'table')).toContain(`${'x'.repeat(99)}…\n`);
    expect(render(stored, 'csv')).toContain(wide);
  });
});
