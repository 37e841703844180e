import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { businessDate } from '@champion/core';
import type pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { sql } from '../../csv/index.ts';
import { runDataset } from '../../testing/run-dataset.ts';
import { dataset } from './definition.ts';

const samples = fileURLToPath(new URL('../../../../../../shared/nse-samples/', import.meta.url));
if (!existsSync(samples)) console.warn('The real files (../shared/nse-samples) are not here: their tests do not run.');

const read = (name: string) => readFileSync(join(samples, name));
const run = (day: string, files: Record<string, string>) =>
  runDataset(dataset, {
    date: businessDate(day),
    files: Object.fromEntries(Object.entries(files).map(([input, name]) => [input, read(name)])),
  });

const rowsOf = (silver: pl.DataFrame, where: string) =>
  sql(
    `SELECT symbol, name, status, current_symbol, isin, CAST(valid_from AS VARCHAR) AS valid_from,
       CAST(valid_to AS VARCHAR) AS valid_to FROM silver WHERE ${where}`,
    { silver },
  )
    .toRecords()
    .map((row) => [row.symbol, row.valid_from, row.valid_to, row.status, row.current_symbol, row.isin, row.name]);

describe.runIf(existsSync(samples))('lists that the exchange published', () => {
  it('EQUITY_L_2025-11-13.csv alone: 2,194 companies, each from its listing', async () => {
    const { parsed, silver, derived, quarantined, anomalies } = await run('2025-11-13', {
      'equity-list': 'EQUITY_L_2025-11-13.csv',
    });
    expect([parsed.rowsInFile, silver.height, derived]).toEqual([2194, 2194, 0]);
    expect(quarantined).toEqual([]);
    expect(anomalies.map(({ rule }) => rule)).toEqual(['list_missing', 'list_missing']);
    expect(
      sql(`SELECT symbol FROM silver WHERE valid_from <> listing_date OR valid_from IS NULL`, { silver }).height,
    ).toBe(0);
    expect(rowsOf(silver, `symbol = 'J&KBANK'`)).toHaveLength(1);
  });

  it('EQUITY_L_2026-08-08.csv and symbolchange_2026-08-08.csv: 2,397 companies, 1,054 changes', async () => {
    const {
      parsed,
      silver,
      derived = 0,
      quarantined,
      anomalies,
      metrics,
    } = await run('2026-08-08', {
      'equity-list': 'EQUITY_L_2026-08-08.csv',
      'symbol-change': 'symbolchange_2026-08-08.csv',
    });
    expect(parsed.rowsInFile).toBe(2397);
    expect(parsed.bronze['symbol-change']?.height).toBe(1054);
    expect(quarantined).toEqual([]);
    expect(silver.height - derived).toBe(2397);
    expect(metrics).toMatchObject({ listed: 2397, announced: 0, symbol_changes: 1054 });
    // Sixteen companies traded under their symbol before they were listed.
    expect(anomalies.map(({ rule, count }) => [rule, count])).toEqual([
      ['listed_later', 16],
      ['list_missing', 1],
    ]);
    // A chain of four symbols; a symbol that two companies had.
    expect(rowsOf(silver, `current_symbol = 'ANDHRAPAP'`)).toEqual([
      ['ANDHRAPAP', '2020-03-05', null, 'listed', 'ANDHRAPAP', 'INE435A01051', 'ANDHRA PAPER LIMITED'],
      ['ANDPAPER', '2020-01-22', '2020-03-05', 'former', 'ANDHRAPAP', 'INE435A01051', 'ANDHRA PAPER LIMITED'],
      ['APPAPER', '2004-05-13', '2014-01-21', 'former', 'ANDHRAPAP', 'INE435A01051', 'ANDHRA PAPER LIMITED'],
      ['IPAPPM', '2014-01-21', '2020-01-22', 'former', 'ANDHRAPAP', 'INE435A01051', 'ANDHRA PAPER LIMITED'],
    ]);
    expect(rowsOf(silver, `symbol = 'DTIL'`)).toEqual([
      ['DTIL', '2008-01-11', '2010-07-26', 'former', 'DVL', 'INE477B01010', 'Dhunseri Ventures Limited'],
      ['DTIL', '2015-01-20', null, 'listed', 'DTIL', 'INE341R01014', 'Dhunseri Tea & Industries Limited'],
    ]);
    // Two changes of one day; a bond without a company; a change of a symbol into itself.
    expect(rowsOf(silver, `current_symbol = 'SGBNOV23' OR current_symbol = '799LTFL30' OR symbol = 'VERTIS'`)).toEqual([
      ['780LTFL30', null, '2025-02-19', 'former', '799LTFL30', null, null],
      ['799LTFL30', '2025-02-19', null, 'unlisted', '799LTFL30', null, null],
      ['GBNOV23', null, '2016-09-15', 'former', 'SGBNOV23', null, 'Sovereign Gold Bonds 2.75% NOV 2023 Tr-I'],
      ['SGBNOV23', '2016-09-15', null, 'unlisted', 'SGBNOV23', null, 'Sovereign Gold Bonds 2.75% NOV 2023 Tr-I'],
      ['VERTIS', '2025-07-22', null, 'unlisted', 'VERTIS', null, 'Vertis Infrastructure Trust'],
    ]);
    expect(new Set(silver.getColumn('event_id').toArray()).size).toBe(silver.height);
  });

  it('EQUITY_L_2025-11-13.csv with the changes of nine months later: the later ones are announced, not in force', async () => {
    const {
      silver,
      derived = 0,
      quarantined,
      anomalies,
      metrics,
    } = await run('2025-11-13', {
      'equity-list': 'EQUITY_L_2025-11-13.csv',
      'symbol-change': 'symbolchange_2026-08-08.csv',
    });
    expect([quarantined, silver.height - derived]).toEqual([[], 2194]);
    expect(metrics).toMatchObject({ listed: 2194, announced: 18 });
    expect(anomalies.map(({ rule }) => rule)).toEqual(['listed_later', 'list_missing']);
    expect(rowsOf(silver, `symbol IN ('LTIM', 'LTM')`)).toEqual([
      ['LTIM', '2022-12-05', '2026-02-27', 'listed', 'LTIM', 'INE214T01019', 'LTIMindtree Limited'],
      ['LTM', '2026-02-27', null, 'announced', 'LTIM', 'INE214T01019', 'LTM Limited'],
    ]);
  });

  it('the same as of 2026-08-08: a list that still has what was changed is believed, and the change reported', async () => {
    const {
      silver,
      derived = 0,
      anomalies,
    } = await run('2026-08-08', {
      'equity-list': 'EQUITY_L_2025-11-13.csv',
      'symbol-change': 'symbolchange_2026-08-08.csv',
    });
    expect(silver.height - derived).toBe(2194);
    expect(anomalies.find(({ rule }) => rule === 'still_listed')?.count).toBe(18);
  });
});
