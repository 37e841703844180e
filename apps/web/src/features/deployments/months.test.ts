import { describe, expect, it } from 'vitest';
import { addMonths, monthBounds, monthName, readMonth, weeksOf } from './months.ts';

describe('months', () => {
  it('go over the turn of the year', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(monthBounds('2024-02')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
    expect(monthName('2026-01')).toBe('January 2026');
  });

  it('are read only where they are there', () => {
    expect(readMonth('2026-01')).toBe('2026-01');
    expect(readMonth('2026-13')).toBeUndefined();
    expect(readMonth(7)).toBeUndefined();
  });

  it('are laid out in weeks from Monday', () => {
    const weeks = weeksOf('2026-01');
    expect(weeks).toHaveLength(5);
    expect(weeks[0]).toEqual([undefined, undefined, undefined, '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04']);
    expect(weeks.at(-1)?.[5]).toBe('2026-01-31');
    expect(weeks.at(-1)?.[6]).toBeUndefined();
  });
});
