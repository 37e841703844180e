import { describe, expect, it } from 'vitest';
import { renderTable } from './table.ts';

const columns = [
  { header: 'name', flexible: true },
  { header: 'n', align: 'right' } as const,
  { header: 'message', flexible: true, spare: true },
];
const rows = [
  ['a-name-that-is-long', '1,000', 'a message of some length'],
  ['b', '2', ''],
];
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('a table', () => {
  it('takes the room that it needs', () => {
    expect(renderTable(columns, rows)).toBe(`\
name                     n  message
───────────────────  ─────  ────────────────────────
a-name-that-is-long  1,000  a message of some length
b                        2
`);
  });

  it('cuts what is spare first, then leaves it out, then cuts the rest', () => {
    expect(renderTable(columns, rows, undefined, 40)).toContain('a-name-that-is-long  1,000  a message o…');
    expect(renderTable(columns, rows, undefined, 30)).toBe(`\
name                     n
───────────────────  ─────
a-name-that-is-long  1,000
b                        2
`);
    const narrow = renderTable(columns, rows, undefined, 20);
    expect(narrow).toContain('a-name-that-…  1,000');
    for (let width = 15; width < 60; width++) {
      expect(widest(renderTable(columns, rows, undefined, width))).toBeLessThanOrEqual(width);
    }
  });

  it('is wider than the screen rather than unreadable', () => {
    expect(widest(renderTable(columns, rows, undefined, 5))).toBe(15);
  });
});
