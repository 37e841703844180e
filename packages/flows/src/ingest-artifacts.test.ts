import { businessDate } from '@champion/core';
import type { DataQuality } from '@champion/warehouse';
import { describe, expect, it } from 'vitest';
import { qualityMarkdown } from './ingest-artifacts.ts';

const date = businessDate('2026-01-12');

function quality(slice: string, more: Partial<DataQuality> = {}): DataQuality {
  return {
    dataset: 'deals',
    slice,
    trade_date: date,
    flow_run_id: 'run',
    rows_processed: 2_000,
    rows_expected: null,
    rows_loaded: 2_000,
    rows_filtered: 0,
    validation_pass_rate: 1,
    anomalies_detected: 0,
    hard_rules: {},
    soft_rules: {},
    file_size_bytes: 1,
    source: 'raw',
    ...more,
  };
}

describe('the quality report', () => {
  it('is a sentence and a line for each slice where nothing is wrong', () => {
    expect(qualityMarkdown(date, [quality('bulk')], [{ slice: 'bulk', anomalies: [] }])).toBe(
      [
        '**100 % valid** on 2026-01-12: 2,000 rows, 0 quarantined, 0 anomalies.',
        '',
        '| Slice | Rows | Expected | Valid | Quarantined | Anomalies |',
        '|---|--:|--:|--:|--:|--:|',
        '| bulk | 2,000 | – | 100 % | 0 | 0 |',
        '',
      ].join('\n'),
    );
  });

  it('names the rules that were broken, and shows so many anomalies', () => {
    const bad = quality('block', {
      rows_filtered: 1,
      validation_pass_rate: 0.9995,
      rows_expected: 1_900,
      anomalies_detected: 60,
      hard_rules: { price_missing: 1 },
    });
    const anomalies = Array.from({ length: 60 }, () => ({ rule: 'odd', count: 1, message: 'M|M *and*\nmore' }));
    const text = qualityMarkdown(
      date,
      [quality('bulk'), bad],
      [
        { slice: 'block', anomalies },
        { slice: 'bulk', anomalies: [] },
      ],
    );
    expect(text).toContain('**99.97 % valid** on 2026-01-12: 4,000 rows, 1 quarantined, 60 anomalies.');
    expect(text).toContain('| block | 2,000 | 1,900 | 99.95 % | 1 | 60 |');
    expect(text).toContain('- `price_missing`: 1 row\n');
    expect(text).toContain('- `odd` of block: M\\|M \\*and\\* more\n');
    expect(text.match(/`odd`/g)).toHaveLength(50);
    expect(text).toContain('and 10 more: see the result of the run.');
  });
});
