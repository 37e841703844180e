import { plural } from '@champion/core';
import type { DataQuality } from '@champion/warehouse';
import type { WrittenSlice } from './references.ts';
import type { Session } from './session.ts';

/** How good a slice is that a run has written, as the warehouse keeps it. */
export function qualityOf(
  slice: WrittenSlice,
  { dataset, date, task }: Pick<Session, 'dataset' | 'date'> & { readonly task: Pick<Session['task'], 'flowRunId'> },
): DataQuality {
  return {
    dataset: dataset.name,
    slice: slice.slice,
    trade_date: date,
    flow_run_id: task.flowRunId,
    rows_processed: slice.rows_in_file,
    rows_expected: slice.rows_expected,
    rows_loaded: slice.rows,
    rows_filtered: slice.rows_quarantined,
    validation_pass_rate: slice.rows_in_file === 0 ? 1 : 1 - slice.rows_quarantined / slice.rows_in_file,
    anomalies_detected: slice.anomalies.length,
    hard_rules: slice.rules,
    soft_rules: countBy(slice.anomalies.map(({ rule, count }) => [rule, count])),
    file_size_bytes: slice.bytes,
    source: slice.source,
  };
}

/** Sums of counts by name. */
export function countBy(counts: readonly (readonly [name: string, count: number])[]): Record<string, number> {
  // No name that the object has already can be taken for one of ours.
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

const number = (value: number): string => value.toLocaleString('en-US');

/** A slice's quality as a short report for people: what came, what was kept, which rules were broken. */
export function qualityLines(quality: DataQuality): string[] {
  const { rows_processed, rows_expected, rows_filtered } = quality;
  const usual = rows_expected === null ? 'nothing to compare with' : `about ${number(rows_expected)} expected`;
  const anomalies = plural(quality.anomalies_detected, 'anomaly', 'anomalies');
  const broken = (what: string, rules: Readonly<Record<string, number>>) => {
    const told = Object.entries(rules).sort(([, a], [, b]) => b - a);
    return told.length === 0
      ? []
      : [`  ${what}: ${told.map(([rule, count]) => `${rule} ${number(count)}`).join(', ')}`];
  };
  return [
    `${quality.slice} ${quality.trade_date}: ${plural(rows_processed, 'row')} (${usual}), ${passRate(quality)} valid, ` +
      `${number(rows_filtered)} quarantined, ${anomalies}`,
    ...broken('quarantined by rule', quality.hard_rules),
    ...broken('anomalies by rule', quality.soft_rules),
  ];
}

/** "99.93 %", cut rather than rounded: 100 % means that no row was rejected. */
export function passRate({ validation_pass_rate }: Pick<DataQuality, 'validation_pass_rate'>): string {
  const hundredths = Math.floor(validation_pass_rate * 10_000 + 1e-6);
  return `${(hundredths / 100).toFixed(hundredths % 100 === 0 ? 0 : 2)} %`;
}
