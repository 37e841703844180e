import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { businessDate } from '@champion/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bhavcopyZip } from '../bhavcopy/bhavcopy.ts';
import { bhavcopyPath, fullBhavcopyPath } from '../bhavcopy/eras.ts';
import { unzipOne, zipOne } from '../bhavcopy/zip.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const samples = fileURLToPath(new URL('../../../../../shared/nse-samples/', import.meta.url));
const day = businessDate('2024-07-10');
const old = businessDate('2021-03-01');
const full = [
  'SYMBOL, SERIES, HIGH_PRICE, LOW_PRICE, CLOSE_PRICE, LAST_PRICE',
  'ABC, EQ, 2.00, 1.00, 1.50, 1.60',
  '',
].join('\n');

/** Sends a target as it is, where fetch would tidy it first. */
function statusOf(port: number, target: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: target }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('replay', () => {
  let home: string;
  let simulator: Simulator;
  let udiff: Buffer;
  let legacy: Buffer;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'simulator-'));
    const dir = await mkdtemp(join(home, 'replay-'));
    udiff = await bhavcopyZip({ seed: 5, date: day, format: 'udiff_b' });
    legacy = await bhavcopyZip({ seed: 5, date: old, format: 'legacy' });
    await writeFile(join(dir, 'BhavCopy_NSE_CM_0_0_0_20240710_F_0000.csv.zip'), udiff);
    await writeFile(join(dir, 'BhavCopy_NSE_CM_0_0_0_20240710_F_0000.csv.repacked.zip'), legacy);
    await writeFile(join(dir, 'cm01MAR2021bhav.csv.repacked.zip'), legacy);
    await writeFile(join(dir, 'sec_bhavdata_full_10072024.csv.repacked.zip'), await zipOne('any.csv', full, day));
    await writeFile(join(dir, 'notes.txt'), 'not published');
    await writeFile(join(home, 'secret.zip'), 'outside');
    await symlink(join(home, 'secret.zip'), join(dir, 'cm02MAR2021bhav.csv.zip'));
    await symlink(join(dir, 'cm01MAR2021bhav.csv.repacked.zip'), join(dir, 'cm03MAR2021bhav.csv.zip'));
    simulator = await startSimulator({ replayDir: dir });
  });

  afterAll(async () => {
    await simulator?.close();
    await rm(home, { recursive: true, force: true });
  });

  const fetched = async (path: string): Promise<{ status: number; bytes: Buffer; headers: Headers }> => {
    const answer = await fetch(simulator.url + path);
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
  };

  it("serves the folder's files under the exchange's addresses, as they are", async () => {
    const newer = await fetched(bhavcopyPath(day, 'udiff_b'));
    expect(newer.bytes.equals(udiff)).toBe(true);
    expect(newer.headers.get('x-champion-simulator')).toBe('replay');
    expect((await fetched(bhavcopyPath(old, 'legacy'))).bytes.equals(legacy)).toBe(true);
    expect((await fetched(bhavcopyPath(businessDate('2021-03-03'), 'legacy'))).bytes.equals(legacy)).toBe(true);
    const delivery = await fetched(fullBhavcopyPath(day));
    expect(delivery.bytes.toString()).toBe(full);
    expect(delivery.headers.get('content-type')).toBe('text/csv');
  });

  it('makes nothing up, and reaches nothing outside', async () => {
    expect((await fetched(bhavcopyPath(businessDate('2024-07-09'), 'udiff_b'))).status).toBe(404);
    expect((await fetched(bhavcopyPath(businessDate('2021-03-02'), 'legacy'))).status).toBe(404);
    for (const target of [
      '/content/cm/../../secret.zip',
      '/content/cm/..%2f..%2fsecret.zip',
      '/../secret.zip',
      '//etc/passwd',
      '/content/cm/notes.txt',
    ])
      expect(await statusOf(simulator.port, target)).toBe(404);
  });

  it('spoils replayed files too', async () => {
    const path = bhavcopyPath(day, 'udiff_b');
    const rows = (bytes: Buffer): number => unzipOne(bytes).text.split('\n').length;
    expect(rows((await fetched(`${path}?fault=revised`)).bytes)).toBe(rows(udiff) - 1);
    const alone = await fetched(`${path}?fault=wrong-date`);
    expect(alone.status).toBe(400);
    expect(alone.bytes.toString()).toContain('no other session');
  });

  it('describes what it found', async () => {
    const { bytes } = await fetched('/_simulator');
    expect(JSON.parse(bytes.toString())).toMatchObject({ mode: 'replay', files: 4, skipped: 2 });
  });

  it('refuses a folder that is missing or empty', async () => {
    for (const replayDir of [join(home, 'nowhere'), home, join(home, 'secret.zip')])
      await expect(startSimulator({ replayDir })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it(
    existsSync(samples) ? 'serves the real samples' : 'REAL FILES NOT CHECKED: ../shared/nse-samples is not there',
    async () => {
      if (!existsSync(samples)) return;
      const real = await startSimulator({ replayDir: samples });
      try {
        for (const path of [
          bhavcopyPath(businessDate('2024-07-03'), 'udiff_b'),
          bhavcopyPath(businessDate('2024-07-03'), 'legacy'),
          bhavcopyPath(businessDate('2021-03-31'), 'legacy'),
        ]) {
          const answer = await fetch(real.url + path);
          expect(answer.status).toBe(200);
          const { name } = unzipOne(Buffer.from(await answer.arrayBuffer()));
          expect(path).toContain(name.slice(0, name.indexOf('.')));
        }
        const delivery = await fetch(real.url + fullBhavcopyPath(businessDate('2024-07-08')));
        expect(await delivery.text()).toMatch(/^SYMBOL, SERIES, DATE1/);
      } finally {
        await real.close();
      }
    },
  );
});
