import pl from 'nodejs-polars';
import { expect, test } from 'vitest';
import { encodeRows } from './encode.ts';
import type { Reference } from './reference.ts';

const reference: Reference = {
  id: '1',
  topic: 'a.topic',
  dataset: 'bhavcopy',
  slice: 'bhavcopy',
  businessDate: '2026-05-20',
  source: 'raw/one.zip',
  schemaVersion: 2,
  revision: 3,
  lake: null,
  path: 'outbox/x.parquet',
  sha256: '',
  rows: 2,
  rowsSent: 0,
  attempts: 0,
};

function rows(): pl.DataFrame {
  return pl
    .DataFrame({ event_id: ['id-1', 'id-2'], entity_id: ['M&M:EQ:NSE', 'ÄÖ:EQ:NSE'] })
    .withColumns(
      pl.Series('close', ['3142.0500', null], pl.String).cast(pl.Decimal(18, 4)),
      pl.Series('volume', [9_007_199_254_740_993n, null], pl.UInt64),
      pl.Series('lot', [50, null], pl.UInt32),
      pl.Series('trade_date', ['2026-05-20', null], pl.String).str.strptime(pl.Date, '%Y-%m-%d'),
      pl.Series('event_time', [1_779_271_200_123, null], pl.Float64).cast(pl.Int64).cast(pl.Datetime('ms', 'UTC')),
    );
}

test('a row is JSON with all its digits, keyed by its entity', () => {
  const [batch = []] = [...encodeRows(rows(), reference)];
  expect(batch.map(({ key }) => key)).toEqual(['M&M:EQ:NSE', 'ÄÖ:EQ:NSE']);
  expect(JSON.parse(batch[0]?.value ?? '')).toEqual({
    event_id: 'id-1',
    entity_id: 'M&M:EQ:NSE',
    close: '3142.0500',
    volume: '9007199254740993',
    lot: 50,
    trade_date: '2026-05-20',
    event_time: '2026-05-20T10:00:00.123Z',
  });
  expect(JSON.parse(batch[1]?.value ?? '')).toMatchObject({
    close: null,
    volume: null,
    trade_date: null,
    event_time: null,
  });
  expect(batch[0]?.headers).toEqual({
    event_id: 'id-1',
    dataset: 'bhavcopy',
    slice: 'bhavcopy',
    business_date: '2026-05-20',
    schema_version: '2',
    revision: '3',
    rows: '2',
  });
});

test('batches are bounded in number and in bytes, and begin after what was sent', () => {
  const many = pl.DataFrame({
    event_id: Array.from({ length: 3_000 }, (_, i) => `id-${i}`),
    entity_id: Array.from({ length: 3_000 }, () => 'E'),
    text: Array.from({ length: 3_000 }, () => 'ä'.repeat(500)),
  });
  const batches = [...encodeRows(many, { ...reference, rowsSent: 10 })];
  expect(batches.flat().map(({ headers }) => headers.event_id)).toEqual(
    Array.from({ length: 2_990 }, (_, i) => `id-${i + 10}`),
  );
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(1_000);
    expect(batch.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0)).toBeLessThan(1024 * 512);
  }
});
