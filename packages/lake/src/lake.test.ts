import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BusinessDate, businessDate, fixedClock } from '@champion/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lake, openLake } from './index.ts';

const date = businessDate('2024-07-03');
const sidecar = {
  url: 'https://example.test/bhav.csv.zip',
  fetched_at: '2024-07-03T18:40:00+05:30',
  status: 200,
  headers: { 'content-type': 'application/zip', 'Set-Cookie': 'secret=1', authorization: 'Bearer x' },
};
const bytes = (text: string) => new TextEncoder().encode(text);

let root: string;
let lake: Lake;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'champion-lake-'));
  lake = await openLake(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (text: string, fetched_at = sidecar.fetched_at, extension = 'csv.zip') =>
  lake.putRaw({ dataset: 'bhavcopy', date, extension, bytes: bytes(text), sidecar: { ...sidecar, fetched_at } });

/** Every file below the root, temporaries included, lake-relative. */
async function files(): Promise<string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

const address = { layer: 'silver', table: 'equity_ohlc', date: businessDate('2024-07-03'), part: 'bhavcopy' } as const;

describe('raw files', () => {
  it('keeps bytes under their hash, with a sidecar that holds no secret', async () => {
    const file = await put('one');
    expect(file).toMatchObject({ revision: 1, isNew: true, bytes: 3, url: sidecar.url, fetchedAt: sidecar.fetched_at });
    expect(file.path).toBe(`raw/nse/bhavcopy/2024-07-03/${file.sha256}.csv.zip`);
    expect(new TextDecoder().decode(await lake.readRaw(file.path))).toBe('one');
    const facts = JSON.parse(await readFile(join(root, dirname(file.path), `${file.sha256}.meta.json`), 'utf8'));
    expect(facts).toEqual({
      file: `${file.sha256}.csv.zip`,
      url: sidecar.url,
      fetched_at: sidecar.fetched_at,
      status: 200,
      headers: { 'content-type': 'application/zip' },
      bytes: 3,
      sha256: file.sha256,
      revision: 1,
    });
  });

  it('changes nothing when the same bytes come again', async () => {
    const first = await put('one');
    const before = await stat(join(root, first.path), { bigint: true });
    const again = await put('one', '2024-07-04T09:00:00+05:30');
    expect(again).toEqual({ ...first, isNew: false });
    const after = await stat(join(root, first.path), { bigint: true });
    expect([after.mtimeNs, after.ino]).toEqual([before.mtimeNs, before.ino]);
    expect(await lake.rawRevisions('bhavcopy', date)).toHaveLength(1);
  });

  it('numbers different bytes in the order they came and keeps them all', async () => {
    const first = await put('one');
    const second = await put('two', '2024-07-04T09:00:00+05:30');
    const third = await put('three', '2024-07-04T10:00:00+05:30');
    expect([second.revision, third.revision]).toEqual([2, 3]);
    expect(await put('one')).toMatchObject({ revision: 1, isNew: false });
    expect((await lake.rawRevisions('bhavcopy', date)).map((file) => file.path)).toEqual([
      first.path,
      second.path,
      third.path,
    ]);
    expect(await lake.rawRevisions('bhavcopy', businessDate('2024-07-04'))).toEqual([]);
  });

  it('keeps JSON bodies apart from their sidecars', async () => {
    const file = await put('{}', sidecar.fetched_at, 'json');
    expect(new TextDecoder().decode(await lake.readRaw(file.path))).toBe('{}');
    expect(await put('{}', sidecar.fetched_at, 'json')).toMatchObject({ isNew: false });
    await expect(put('x', sidecar.fetched_at, 'meta.json')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('says CORRUPT when the disk changed the bytes, and is mended by the same bytes', async () => {
    const file = await put('one');
    await writeFile(join(root, file.path), 'onE');
    await expect(lake.readRaw(file.path)).rejects.toMatchObject({ code: 'CORRUPT' });
    expect(await put('one')).toMatchObject({ revision: 1, path: file.path });
    expect(new TextDecoder().decode(await lake.readRaw(file.path))).toBe('one');
    expect(await lake.rawRevisions('bhavcopy', date)).toHaveLength(1);
  });

  it('finishes what a writer killed before the sidecar began', async () => {
    const file = await put('one');
    await rm(join(root, dirname(file.path), `${file.sha256}.meta.json`));
    expect(await lake.rawRevisions('bhavcopy', date)).toEqual([]);
    expect(await put('one')).toEqual(file);
  });

  it('says NOT_FOUND for a file that is not there', async () => {
    await expect(lake.readRaw('raw/nse/bhavcopy/2024-07-03/none.csv')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a fetch time without a zone', async () => {
    await expect(put('one', '2024-07-03T18:40:00')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await files()).toEqual([]);
  });

  it('survives many writers of the same and of different bytes', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `body ${i % 5}`);
    await Promise.all(texts.map((text) => put(text)));
    const revisions = await lake.rawRevisions('bhavcopy', date);
    expect(revisions.map((file) => file.revision)).toEqual([1, 2, 3, 4, 5]);
    for (const file of revisions) await lake.readRaw(file.path);
    expect((await files()).filter((path) => path.includes('.tmp-'))).toEqual([]);
  });
});

describe('names and paths', () => {
  it('refuses names that are not one plain folder or file', async () => {
    for (const dataset of ['', '..', '.hidden', 'a/b', 'A', 'a..b', 'a b', 'a\0']) {
      await expect(lake.putRaw({ dataset, date, extension: 'csv', bytes: bytes('x'), sidecar })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
    await expect(put('x', sidecar.fetched_at, '../csv')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(lake.tableFile({ ...address, table: '../x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(lake.manifest.get('../x', date)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('refuses paths that lead out of the root', () => {
    expect(lake.absolute('silver/t/data.parquet')).toBe(join(root, 'silver/t/data.parquet'));
    for (const path of ['../x', 'a/../../x', '/etc/passwd', '..']) {
      expect(() => lake.absolute(path)).toThrowError(expect.objectContaining({ code: 'INVALID_INPUT' }));
    }
  });
});

describe('tables', () => {
  const input = (text: string) => ({
    ...address,
    write: (path: string) => writeFile(path, text),
  });

  it('puts one file per day and part in place and replaces it', async () => {
    expect(await lake.tableFile(address)).toBeUndefined();
    const file = await lake.writeTable(input('first'));
    expect(file).toEqual({ path: 'silver/equity_ohlc/trade_date=2024-07-03/bhavcopy.parquet', bytes: 5 });
    expect(await lake.writeTable(input('second!'))).toEqual({ ...file, bytes: 7 });
    expect(await readFile(lake.absolute(file.path), 'utf8')).toBe('second!');
    expect(await lake.tableFile(address)).toEqual({ ...file, bytes: 7 });
    await lake.removeTable(address);
    await lake.removeTable(address);
    await lake.removeTable({ ...address, table: 'never_there' });
    expect(await lake.tableFile(address)).toBeUndefined();
  });

  it('lists the parts of a day and reads one whole, though it is replaced meanwhile', async () => {
    const day = { layer: 'silver', table: 'equity_ohlc', date: businessDate('2024-07-03') } as const;
    expect(await lake.tableDay(day)).toEqual([]);
    const file = await lake.writeTable(input('first'));
    await lake.writeTable({ ...input('later'), part: 'bhavcopy.153000' });
    await writeFile(join(root, dirname(file.path), '.tmp-1-x'), 'half');
    expect(await lake.tableDay(day)).toMatchObject([
      { part: 'bhavcopy.153000', bytes: 5 },
      { ...file, part: 'bhavcopy' },
    ]);
    const opened = await lake.open(file.path);
    await lake.writeTable(input('second!'));
    expect(opened.bytes).toBe(5);
    expect(Buffer.concat(await opened.content.toArray()).toString()).toBe('first');
    await expect(lake.open('silver/none.parquet')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(lake.open('../outside')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('keeps the old file and leaves nothing behind when the writer throws', async () => {
    const file = await lake.writeTable(input('first'));
    const failure = new Error('polars gave up');
    await expect(
      lake.writeTable({
        ...input(''),
        write: async (path) => {
          await writeFile(path, 'half');
          throw failure;
        },
      }),
    ).rejects.toBe(failure);
    await expect(
      lake.writeTable({
        ...input(''),
        write: () => {
          throw failure;
        },
      }),
    ).rejects.toBe(failure);
    expect(await files()).toEqual([file.path]);
    expect(await readFile(lake.absolute(file.path), 'utf8')).toBe('first');
  });

  it('says so when the writer wrote nothing', async () => {
    await expect(lake.writeTable({ ...input(''), write: () => {} })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await files()).toEqual([]);
  });

  it('never shows a reader half a file', async () => {
    const texts = ['a'.repeat(100_000), 'b'.repeat(200_000)];
    await lake.writeTable(input(texts[0] ?? ''));
    const path = lake.absolute('silver/equity_ohlc/trade_date=2024-07-03/bhavcopy.parquet');
    let writing = true;
    const writers = Promise.all(Array.from({ length: 20 }, (_, i) => lake.writeTable(input(texts[i % 2] ?? '')))).then(
      () => {
        writing = false;
      },
    );
    while (writing) expect(texts).toContain(await readFile(path, 'utf8'));
    await writers;
  });

  it('removes what a killed writer left more than an hour ago, and nothing younger', async () => {
    const folder = join(root, 'silver/equity_ohlc/trade_date=2024-07-03');
    await mkdir(folder, { recursive: true });
    const now = new Date('2024-07-03T14:00:00Z');
    for (const [name, minutes] of [
      ['.tmp-1-old', 61],
      ['.tmp-1-young', 59],
    ] as const) {
      await writeFile(join(folder, name), 'half');
      const at = new Date(now.getTime() - minutes * 60_000);
      await utimes(join(folder, name), at, at);
    }
    await (await openLake(root, { clock: fixedClock(now) })).writeTable(input('whole'));
    expect((await readdir(folder)).sort()).toEqual(['.tmp-1-young', 'bhavcopy.parquet']);
  });

  it('says which folder it could not use', async () => {
    await writeFile(join(root, 'gold/taken'), '');
    await expect(lake.writeTable({ ...input('x'), layer: 'gold', table: 'taken' })).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('gold/taken'),
      hint: expect.stringContaining('A file stands where a folder is needed'),
    });
  });
});

describe('manifest', () => {
  const entry = (at: BusinessDate, rows?: number) => ({
    dataset: 'bhavcopy',
    date: at,
    outcome: rows === undefined ? ('MISSING' as const) : ('LOADED' as const),
    revisions: [],
    ...(rows === undefined ? {} : { rows_loaded: rows }),
  });

  it('gives back what was put, stamped with the time', async () => {
    const stamped = await openLake(root, { clock: fixedClock('2024-07-03T13:30:00Z') });
    const full = {
      ...entry(date, 2800),
      revisions: [{ sha256: 'a', path: 'raw/x', fetched_at: sidecar.fetched_at, url: sidecar.url }],
      current_revision: 1,
      anomalies: [{ rule: 'prev_close_break', count: 2, message: 'BL opened elsewhere' }],
    };
    const stored = await stamped.manifest.put(full);
    expect(stored).toEqual({ ...full, updated_at: '2024-07-03T13:30:00.000Z' });
    expect(await lake.manifest.get('bhavcopy', date)).toEqual(stored);
    expect(await lake.manifest.get('bhavcopy', businessDate('2024-07-04'))).toBeUndefined();
  });

  it('refuses an entry of another shape', async () => {
    await expect(lake.manifest.put({ ...entry(date), rows_loaded: -1 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('says which file is not readable', async () => {
    await lake.manifest.put(entry(date, 1));
    await writeFile(join(root, 'manifest/bhavcopy/2024-07-03.json'), '{"dataset":');
    await expect(lake.manifest.get('bhavcopy', date)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('2024-07-03.json'),
    });
  });

  it('lists a range in order and looks back over sessions that were not loaded', async () => {
    const days = ['2024-07-01', '2024-07-02', '2024-07-03', '2024-07-04', '2024-07-05'].map(businessDate);
    const [first, second, third, fourth, fifth] = days as [
      BusinessDate,
      BusinessDate,
      BusinessDate,
      BusinessDate,
      BusinessDate,
    ];
    for (const put of [entry(fifth, 50), entry(first, 10), entry(third, 30), entry(second), entry(fourth)]) {
      await lake.manifest.put(put);
    }
    const { manifest } = lake;
    expect((await manifest.list('bhavcopy')).map((found) => found.date)).toEqual(days);
    expect((await manifest.list('bhavcopy', { from: second, to: fourth })).map((found) => found.date)).toEqual(
      days.slice(1, 4),
    );
    expect(await manifest.list('other')).toEqual([]);
    expect(await manifest.recentRowCounts('bhavcopy', fifth, 20)).toEqual([10, 30]);
    expect(await manifest.recentRowCounts('bhavcopy', businessDate('2024-07-08'), 2)).toEqual([30, 50]);
    expect(await manifest.previousLoaded('bhavcopy', fifth)).toMatchObject({ date: third });
    expect(await manifest.previousLoaded('bhavcopy', first)).toBeUndefined();
  });

  it('lists what is there now, whoever wrote it, and opens only what has changed', async () => {
    await lake.manifest.put(entry(date, 1));
    const [first] = await lake.manifest.list('bhavcopy');
    expect(first).toMatchObject({ rows_loaded: 1 });
    expect((await lake.manifest.list('bhavcopy'))[0]).toBe(first);
    await (await openLake(root)).manifest.put(entry(date, 2));
    expect(await lake.manifest.list('bhavcopy')).toMatchObject([{ rows_loaded: 2 }]);
    await rm(join(root, 'manifest/bhavcopy/2024-07-03.json'));
    expect(await lake.manifest.list('bhavcopy')).toEqual([]);
  });

  it('reads only the tail of a long history', async () => {
    const folder = join(root, 'manifest/bhavcopy');
    await mkdir(folder, { recursive: true });
    // Unreadable entries in the past: looking at any of them would throw.
    for (let year = 2005; year < 2024; year++) await writeFile(join(folder, `${year}-01-03.json`), 'not JSON');
    for (const day of ['2024-07-01', '2024-07-02', '2024-07-03']) await lake.manifest.put(entry(businessDate(day), 5));
    expect(await lake.manifest.recentRowCounts('bhavcopy', businessDate('2024-07-04'), 3)).toEqual([5, 5, 5]);
    expect(await lake.manifest.previousLoaded('bhavcopy', businessDate('2024-07-04'))).toBeDefined();
  });

  it('is whole whoever writes last', async () => {
    const other = await openLake(root);
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? lake : other).manifest.put(entry(date, i))));
    expect((await lake.manifest.get('bhavcopy', date))?.rows_loaded).toBeTypeOf('number');
    expect(await files()).toEqual(['manifest/bhavcopy/2024-07-03.json']);
  });
});
