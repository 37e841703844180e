import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { businessDate, fixedClock, formatDecimal, parseDecimal } from '@champion/core';
import { bhavcopy } from '@champion/datasets';
import { readSingleMember } from '@champion/exchange';
import { parseFault } from '@champion/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Market, openMarket } from './testing/market.ts';

// Files that the exchange published, kept beside the checkout and never in it, served again under the exchange's URLs.
const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/nse-samples');
const present = existsSync(samples);
const names = present ? readdirSync(samples).filter((name) => bhavcopy.recognise(name)?.input === 'bhavcopy') : [];
const dates = [...new Set(names.map((name) => bhavcopy.recognise(name)?.date ?? ''))].sort();

if (!present) console.warn(`the exchange's sample files are not beside this checkout: their tests do not run`);

describe.skipIf(!present)('sessions that the exchange published, from its URLs to SQL', () => {
  let market: Market;
  beforeAll(async () => {
    market = await openMarket({ clock: fixedClock('2026-11-01T12:00:00+05:30'), simulator: { replayDir: samples } });
  });
  afterAll(() => market?.close());

  /** What the file that was loaded printed, by the simplest means there are. */
  async function printed(path: string) {
    const { bytes } = await readSingleMember(readFileSync(path), { fileName: path });
    const [header = '', ...lines] = Buffer.from(bytes).toString('utf8').split('\n').filter(Boolean);
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

  it.each(dates)(
    '%s: rows loaded + quarantined = rows in the file; sums of turnover and volume equal the file',
    async (date) => {
      const run = await market.ingest({ trade_date: date });
      expect(run).toMatchObject({ state: 'COMPLETED', result: { outcome: 'LOADED' } });
      const entry = await (await market.stack.lake()).manifest.get('bhavcopy', businessDate(date));
      const file = await printed(join(market.home, 'lake', entry?.revisions[0]?.path ?? ''));
      expect(entry).toMatchObject({ rows_in_file: file.rows, rows_loaded: file.rows, rows_quarantined: 0 });
      const [sums] = await market.sql(
        `SELECT count(), sum(turnover), sum(volume) FROM equity_ohlc WHERE trade_date = '${date}'`,
      );
      const [rows, turnover, volume] = (sums ?? []) as string[];
      expect({ rows: Number(rows), turnover: units(turnover, 4), volume: units(volume, 0) }).toEqual({
        rows: file.rows,
        turnover: units(file.turnover, 4),
        volume: units(file.volume, 0),
      });
    },
  );

  it('prints the digits that the exchange printed', async () => {
    const rows = await market.sql(
      `SELECT open, high, low, close, last, prev_close, turnover FROM equity_ohlc
       WHERE trade_date = '2024-07-03' AND symbol = 'TOKYOPLAST' AND series = 'EQ'`,
    );
    expect(rows[0]?.map((value) => units(String(value), 4))).toEqual(
      ['125.99', '130.45', '119.21', '125.49', '124.95', '121.50', '60030958.49'].map((value) => units(value, 4)),
    );
  });

  it('falls back to the legacy file where UDiFF is not found, to the same rows', async () => {
    const shared = 'symbol, series, isin, open, high, low, close, last, prev_close, volume, turnover, trades, event_id';
    const rows = (text: string) =>
      market.sql(`SELECT ${text} FROM equity_ohlc WHERE trade_date = '2024-07-03' ORDER BY symbol, series`);
    expect((await rows('DISTINCT source_format, 1 AS symbol, 1 AS series'))[0]?.[0]).toBe('udiff_b');
    const udiff = await rows(shared);
    market.simulator.setFaults([{ ...parseFault('404@2024-07-03 x1') }]);
    const run = await market.ingest({ trade_date: '2024-07-03' });
    expect(run).toMatchObject({ state: 'COMPLETED', result: { source_format: 'legacy', rows_loaded: 2800 } });
    expect(await rows(shared)).toEqual(udiff);
    expect(udiff).toHaveLength(2800);
  });
});

function units(text: string | undefined, scale: number): bigint | undefined {
  return parseDecimal(text ?? '', scale);
}
