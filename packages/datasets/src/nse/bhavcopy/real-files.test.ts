import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BusinessDate, formatDecimal, parseDecimal } from '@champion/core';
import { readSingleMember } from '@champion/exchange';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { dataset as bhavcopy } from './definition.ts';
import { dateOfFileName } from './formats.ts';

// Files that the exchange published, kept beside the checkout and never in it.
const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../../../shared/nse-samples');
const present = existsSync(samples);
const files = present ? readdirSync(samples).filter((name) => dateOfFileName(name) !== undefined) : [];

async function run(name: string, previous?: pl.DataFrame) {
  const bytes = readFileSync(join(samples, name));
  const date = dateOfFileName(name) as BusinessDate;
  const before = previous && { previous: { date, adjacent: true, silver: previous } };
  return { bytes, ...(await runDataset(bhavcopy, { date, fileName: name, files: { bhavcopy: bytes }, ...before })) };
}

/** The published file read by the simplest means there are, as the other side of each comparison. */
async function published(bytes: Uint8Array, name: string) {
  const member = await readSingleMember(bytes, { fileName: name });
  const [header = '', ...lines] = Buffer.from(member.bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const columns = header.split(',');
  const rows = lines.map((line) => line.split(','));
  const sum = (names: readonly string[], scale: number) => {
    const at = columns.findIndex((column) => names.includes(column));
    return formatDecimal(
      rows.reduce((total, row) => total + (parseDecimal(row[at] ?? '', scale) ?? 0n), 0n),
      scale,
    );
  };
  return {
    rows: rows.length,
    turnover: sum(['TtlTrfVal', 'TOTTRDVAL'], 4),
    volume: sum(['TtlTradgVol', 'TOTTRDQTY'], 0),
  };
}

function exactSum(frame: pl.DataFrame, column: string, scale: number): string {
  const texts = frame.getColumn(column).cast(pl.String).toArray() as string[];
  return formatDecimal(
    texts.reduce((total, text) => total + (parseDecimal(text, scale) ?? 0n), 0n),
    scale,
  );
}

if (!present) console.warn(`the exchange's sample files are not beside this checkout: their tests do not run`);

describe.skipIf(!present)('bhavcopies that the exchange published', () => {
  it('has 17 UDiFF and 23 legacy ones', () => {
    expect(files.filter((name) => name.startsWith('BhavCopy'))).toHaveLength(17);
    expect(files).toHaveLength(17 + 23);
  });

  it.each(files)('%s: every row is loaded, sums are exact to the last digit', async (name) => {
    const { bytes, parsed, silver, quarantined } = await run(name);
    const file = await published(bytes, name);
    expect(parsed.rowsInFile).toBe(file.rows);
    expect(quarantined).toEqual([]);
    expect(silver.height).toBe(file.rows);
    expect(exactSum(silver, 'turnover', 4)).toBe(file.turnover);
    expect(exactSum(silver, 'volume', 0)).toBe(file.volume);
    expect(new Set(silver.getColumn('event_id').toArray()).size).toBe(file.rows);
  });

  it('reads the same silver rows from UDiFF and legacy of 2024-07-03', async () => {
    const udiff = await run('BhavCopy_NSE_CM_0_0_0_20240703_F_0000.csv.zip');
    const legacy = await run('cm03JUL2024bhav.csv.zip');
    const shared = udiff.silver.columns.filter(
      (column) => !['instrument_id', 'name', 'lot_size', 'source_format', 'source'].includes(column),
    );
    const rows = (frame: pl.DataFrame) =>
      frame.select(...shared.map((column) => pl.col(column).cast(pl.String))).toRecords();
    expect(rows(legacy.silver)).toHaveLength(2800);
    expect(rows(legacy.silver)).toEqual(rows(udiff.silver));
    expect([udiff.parsed.format, legacy.parsed.format]).toEqual(['udiff_b', 'legacy']);
  });

  it('keeps T0 rows whose close is the EQ close outside their own range, and says so', async () => {
    const { anomalies } = await run('BhavCopy_NSE_CM_0_0_0_20240402_F_0000.csv.zip');
    expect(anomalies.map(({ rule, count }) => ({ rule, count }))).toEqual([{ rule: 'close_outside_range', count: 2 }]);
  });

  it('sees that consecutive sessions continue, and a session that is not the one before does not', async () => {
    const before = await run('BhavCopy_NSE_CM_0_0_0_20240702_F_0000.csv.zip');
    const earlier = await run('BhavCopy_NSE_CM_0_0_0_20240701_F_0000.csv.zip');
    const breaks = async (previous: pl.DataFrame) => {
      const { anomalies } = await run('BhavCopy_NSE_CM_0_0_0_20240703_F_0000.csv.zip', previous);
      return anomalies.find(({ rule }) => rule === 'prev_close_break')?.count ?? 0;
    };
    expect(await breaks(before.silver)).toBe(0);
    expect(await breaks(earlier.silver)).toBeGreaterThan(2000);
  });
});
