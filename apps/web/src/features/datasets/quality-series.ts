import type { SliceQuality } from '@champion/contract';
import type { BusinessDate } from '@champion/core';

/** The quality of a session, its slices together: the latest load of each counts. */
export interface SessionQuality {
  readonly date: BusinessDate;
  readonly loaded: number;
  /** Of the slices that have an expectation; null when none has. */
  readonly expected: number | null;
  readonly filtered: number;
  readonly anomalies: number;
  /** 0 to 1. */
  readonly passRate: number;
  readonly bytes: number;
  readonly rules: readonly (readonly [rule: string, rows: number])[];
}

/** Sessions, ascending, of rows that come latest first. */
export function qualityBySession(rows: readonly SliceQuality[]): SessionQuality[] {
  const byDate = new Map<BusinessDate, Map<string, SliceQuality>>();
  for (const row of rows) {
    const slices = byDate.get(row.trade_date) ?? new Map<string, SliceQuality>();
    byDate.set(row.trade_date, slices);
    if (!slices.has(row.slice)) slices.set(row.slice, row);
  }
  return [...byDate]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, slices]) => {
      const all = [...slices.values()];
      const sum = (of: (row: SliceQuality) => number) => all.reduce((total, row) => total + of(row), 0);
      const processed = sum((row) => row.rows_processed);
      const expected = all.filter((row) => row.rows_expected !== null);
      const rules = new Map<string, number>();
      for (const row of all) {
        for (const [rule, broken] of [...Object.entries(row.hard_rules), ...Object.entries(row.soft_rules)]) {
          if (broken > 0) rules.set(rule, (rules.get(rule) ?? 0) + broken);
        }
      }
      return {
        date,
        loaded: sum((row) => row.rows_loaded),
        expected: expected.length === 0 ? null : expected.reduce((total, row) => total + (row.rows_expected ?? 0), 0),
        filtered: sum((row) => row.rows_filtered),
        anomalies: sum((row) => row.anomalies_detected),
        passRate: processed === 0 ? 1 : sum((row) => row.validation_pass_rate * row.rows_processed) / processed,
        bytes: sum((row) => row.file_size_bytes),
        rules: [...rules].sort(([, a], [, b]) => b - a),
      };
    });
}
