import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileAnswer, LakeFile } from '@champion/contract';
import { type Clock, fixedClock } from '@champion/core';
import { parseFault } from '@champion/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataApi, openDataApi } from './testing/api.ts';

const clock: Clock = fixedClock(new Date('2026-10-30T22:00:00+05:30'));
const day = '2026-10-30';

let api: DataApi;
beforeAll(async () => {
  api = await openDataApi(clock, { worker: true });
  api.simulator.setFaults([parseFault('corrupt-rows')]);
  await api.run('nse-bhavcopy-etl', { trade_date: day });
  api.simulator.setFaults([]);
  await api.run('nse-bhavcopy-etl', { trade_date: day });
  await api.run('market-gold-etl', { trade_date: day });
}, 120_000);
afterAll(() => api?.close());

const list = (name = 'bhavcopy') => api.call<LakeFile[]>('listFiles', { params: { name }, query: { date: day } });
const bytesOf = async ({ content }: FileAnswer) => Buffer.from(await new Response(content).arrayBuffer());

describe('files of a day', () => {
  it('are every revision as served, and what was made of them', async () => {
    const files = await list();
    expect(files.map(({ layer }) => layer)).toEqual(['raw', 'raw', 'raw', 'raw', 'bronze', 'bronze', 'silver']);
    const [first, second] = files.filter(({ table, layer }) => layer === 'raw' && table === 'bhavcopy');
    expect(first).toMatchObject({ raw: { revision: 1, current: false, status: 200 }, rows: null });
    expect(second).toMatchObject({
      slice: 'bhavcopy',
      file_name: `bhavcopy-${day}-revision-2.csv.zip`,
      raw: { revision: 2, current: true, url: expect.stringContaining('http'), fetched_at: expect.any(String) },
    });
    const silver = files.at(-1);
    const stored = await (await api.stack.warehouse()).sql('SELECT toUInt32(count()) FROM equity_ohlc');
    expect(silver).toMatchObject({
      layer: 'silver',
      table: 'equity_ohlc',
      rows: stored.rows[0]?.[0],
      raw: null,
      path: `silver/equity_ohlc/trade_date=${day}/bhavcopy.parquet`,
    });
    expect(await list('option-chain')).toEqual([]);
  });

  it('are given whole, under a name that says what they are', async () => {
    for (const { id, bytes, raw, file_name } of await list()) {
      const file = await api.file('downloadFile', { params: { name: 'bhavcopy', date: day, id } });
      expect(file).toMatchObject({ fileName: file_name, bytes });
      const content = await bytesOf(file);
      expect(content.byteLength).toBe(bytes);
      if (raw === null) expect(content.subarray(0, 4).toString()).toBe('PAR1');
      else expect(createHash('sha256').update(content).digest('hex')).toBe(raw.sha256);
    }
  });

  it('are only those of the list, whatever a client says', async () => {
    for (const id of ['../../secret', 'raw/nse/bhavcopy', 'no-such-file', '']) {
      await expect(api.file('downloadFile', { params: { name: 'bhavcopy', date: day, id } })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    const [first] = await list();
    const elsewhere = { name: 'symbol-master', date: day, id: first?.id ?? '' };
    await expect(api.file('downloadFile', { params: elsewhere })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      api.file('downloadFile', { params: { name: 'bhavcopy', date: '../..', id: 'x' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('are not given when the disk has changed what the exchange served', async () => {
    const [first] = await list();
    await writeFile(join(api.home, 'lake', first?.path ?? ''), 'changed');
    await expect(
      api.file('downloadFile', { params: { name: 'bhavcopy', date: day, id: first?.id ?? '' } }),
    ).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('of gold belong to the session', async () => {
    const files = await api.call<LakeFile[]>('listGoldFiles', { query: { date: day } });
    const breadth = files.find(({ table }) => table === 'advance_decline');
    expect(breadth).toMatchObject({ layer: 'gold', slice: null, rows: expect.any(Number) });
    const file = await api.file('downloadGoldFile', { params: { date: day, id: breadth?.id ?? '' } });
    expect(file.fileName).toBe(`gold-advance_decline-${day}.parquet`);
    expect((await bytesOf(file)).byteLength).toBe(breadth?.bytes);
  });
});

describe('an answer as a file', () => {
  const ask = (body: Record<string, unknown>) => api.file('exportSql', { body });
  const query = 'SELECT symbol, close FROM equity_ohlc ORDER BY ALL';

  it('is whole, named, and leaves nothing behind', async () => {
    const before = await readdir(api.home, { recursive: true });
    const parquet = await ask({ query, format: 'parquet', file_name: 'closes' });
    expect(parquet).toMatchObject({ fileName: 'closes.parquet', mediaType: 'application/vnd.apache.parquet' });
    expect((await bytesOf(parquet)).subarray(-4).toString()).toBe('PAR1');
    const csv = await ask({ query, format: 'csv' });
    expect(csv.fileName).toBe('champion-2026-10-30-16-30-00.csv');
    expect((await bytesOf(csv)).toString()).toMatch(/^"symbol","close"\n"/);
    const after = await readdir(api.home, { recursive: true });
    expect(after.filter((path) => !before.includes(path) && /\.(csv|parquet)$/.test(path))).toEqual([]);
  });

  it('is refused when it is too large, changes something, or has an odd name', async () => {
    for (const body of [
      { query, format: 'csv', max_rows: 10 },
      { query: 'TRUNCATE TABLE equity_ohlc', format: 'csv' },
      { query, format: 'csv', file_name: '../x' },
      { query, format: 'xlsx' },
    ]) {
      await expect(ask(body), JSON.stringify(body)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });

  it('gives its place back when it was read, refused, or left', async () => {
    for (let i = 0; i < 3; i++) {
      await ask({ query: 'nonsense', format: 'csv' }).catch(() => undefined);
      await (await ask({ query, format: 'csv' })).content.cancel();
    }
    expect((await bytesOf(await ask({ query: 'SELECT 1 AS one', format: 'csv' }))).toString()).toBe('"one"\n1\n');
  });
});
