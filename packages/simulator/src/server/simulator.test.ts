import { type Agent, get, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { businessDate, fixedClock } from '@champion/core';
import { afterEach, describe, expect, it } from 'vitest';
import { bhavcopyCsv, bhavcopyZip } from '../bhavcopy/bhavcopy.ts';
import { bhavcopyPath } from '../bhavcopy/eras.ts';
import { unzipOne } from '../bhavcopy/zip.ts';
import { parseFault } from '../faults/fault-rule.ts';
import { type SimulatedRequest, type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

const clock = fixedClock('2024-07-19T20:00:00+05:30');
const date = businessDate('2024-07-10');
const path = bhavcopyPath(date, 'udiff_b');
const running: Simulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ clock, ...options });
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

async function body(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

interface Raw {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly parts: number;
  readonly error: NodeJS.ErrnoException | undefined;
}

/** A request as it comes off the wire, with the error that ended it, if any. */
function raw(url: string, options: { headers?: Record<string, string>; agent?: Agent } = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = get(url, options, (response) => {
      const chunks: Buffer[] = [];
      let failed: NodeJS.ErrnoException | undefined;
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => {
        failed = error;
      });
      response.on('close', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
          parts: chunks.length,
          error: failed,
        }),
      );
    });
    request.on('error', reject);
  });
}

describe('files', () => {
  it('serves each era under its own address, byte for byte the fixture', async () => {
    const { url } = await start({ seed: 3 });
    for (const [day, format] of [
      ['2024-01-01', 'udiff_a'],
      ['2024-07-10', 'udiff_b'],
      ['2024-07-05', 'legacy'],
      ['2003-05-05', 'legacy'],
    ] as const) {
      const at = { seed: 3, date: businessDate(day), format };
      const answer = await fetch(url + bhavcopyPath(at.date, format));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/zip');
      expect(answer.headers.get('x-champion-simulator')).toBe('seed=3');
      const bytes = await body(answer);
      expect(answer.headers.get('content-length')).toBe(String(bytes.length));
      expect(bytes.equals(await bhavcopyZip(at))).toBe(true);
    }
  });

  it.each([
    ['a Sunday', bhavcopyPath(businessDate('2024-07-14'), 'udiff_b')],
    ['a holiday', bhavcopyPath(businessDate('2024-07-17'), 'udiff_b')],
    ['UDiFF before 2024', bhavcopyPath(businessDate('2023-12-29'), 'udiff_b')],
    ['legacy after 2024-07-05', bhavcopyPath(businessDate('2024-07-08'), 'legacy')],
    ['legacy before the first session', bhavcopyPath(businessDate('1994-11-02'), 'legacy')],
    ['the future', bhavcopyPath(businessDate('2024-07-22'), 'udiff_b')],
    ['no such day', '/content/cm/BhavCopy_NSE_CM_0_0_0_20240231_F_0000.csv.zip'],
    ['a month folder that does not fit', '/content/historical/EQUITIES/2024/JUN/cm03JUL2024bhav.csv.zip'],
    ['another page', '/content/equities/OTHER_L.csv'],
  ])('has no file for %s', async (_what, missing) => {
    const { url } = await start({ publishAll: true });
    const answer = await fetch(url + missing);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch('text/html');
    expect(await answer.text()).toContain('Resource not found');
  });

  it("publishes today's file at 18:00 IST, or at once when told so", async () => {
    const today = bhavcopyPath(businessDate('2024-07-19'), 'udiff_b');
    const status = async (options: SimulatorOptions): Promise<number> =>
      (await fetch((await start(options)).url + today, { method: 'HEAD' })).status;
    expect(await status({ clock: fixedClock('2024-07-19T17:59:59+05:30') })).toBe(404);
    expect(await status({ clock: fixedClock('2024-07-19T18:00:00+05:30') })).toBe(200);
    expect(await status({ clock: fixedClock('2024-07-19T09:00:00+05:30'), publishAll: true })).toBe(200);
    expect(await status({ clock: fixedClock('2024-07-18T23:00:00+05:30'), publishAll: true })).toBe(404);
  });
});

describe('the site', () => {
  it('sets a cookie on the home page, and answers robots.txt, its own status and wrong methods', async () => {
    const { url, requests } = await start({ faults: [parseFault('500 x2')] });
    const home = await fetch(`${url}/`);
    expect(home.status).toBe(200);
    expect(home.headers.getSetCookie()[0]).toMatch(/^nsit=/);
    expect(await (await fetch(`${url}/robots.txt`)).text()).toContain('User-agent');
    expect((await fetch(url + path, { method: 'POST' })).status).toBe(405);
    const status = (await (await fetch(`${url}/_simulator`)).json()) as Record<string, unknown>;
    expect(status).toMatchObject({ seed: 1, mode: 'generated', faults: ['500 x2'], requests: { '200 /': 1 } });
    expect([requests.total, requests.count('/'), requests.count('/', 404)]).toEqual([4, 1, 0]);
  });

  it('keeps connections alive and ends them on close', async () => {
    const simulator = await start();
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    agent.on('free', (socket) => sockets.add(socket));
    for (let i = 0; i < 3; i++) await raw(`${simulator.url}/`, { agent });
    expect(sockets.size).toBe(1);
    await simulator.close();
    await expect(fetch(simulator.url)).rejects.toThrow();
    agent.destroy();
  });

  it('says which port is taken and suggests another', async () => {
    const { port } = await start();
    await expect(startSimulator({ port })).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(String(port)),
      hint: expect.stringContaining(String(port + 1)),
    });
    await expect(startSimulator({ port: 70_000 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('faults', () => {
  const text = bhavcopyCsv({ seed: 1, date, format: 'udiff_b' });
  const lines = text.split('\n');

  it.each([
    ['404', 404, 'Resource not found'],
    ['403', 403, 'Access Denied'],
    ['blocked', 200, 'Access Denied'],
    ['blocked:status=403', 403, 'Access Denied'],
    ['500', 500, 'Internal Server Error'],
    ['429:retry-after=2', 429, 'Too Many Requests'],
  ])('%s answers with a page', async (fault, status, words) => {
    const { url } = await start({ faults: [parseFault(fault)] });
    const answer = await raw(url + path);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch('text/html');
    expect(answer.headers['retry-after']).toBe(status === 429 ? '2' : undefined);
    expect(answer.body.toString()).toContain(words);
    expect((await raw(`${url}/`)).status).toBe(200);
  });

  it('reset-body hangs up in the middle', async () => {
    const { url } = await start();
    const whole = await raw(url + path);
    const answer = await raw(`${url}${path}?fault=reset-body`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe(String(whole.body.length));
    expect(answer.body.length).toBeLessThan(whole.body.length);
    expect(answer.error?.code).toBe('ECONNRESET');
  });

  it('truncated-zip ends early, under an honest length', async () => {
    const { url } = await start();
    const answer = await raw(url + path, { headers: { 'x-simulator-fault': 'truncated-zip' } });
    expect(answer.error).toBeUndefined();
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
    expect(answer.body.toString('latin1', 0, 2)).toBe('PK');
    expect(() => unzipOne(answer.body)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });

  it('wrong-date serves another session, in the same format', async () => {
    const { url } = await start();
    const member = async (day: string): Promise<string> => {
      const wanted = bhavcopyPath(businessDate(day), 'udiff_b');
      return unzipOne(await body(await fetch(`${url}${wanted}?fault=wrong-date`))).name;
    };
    expect(await member('2024-07-10')).toBe('BhavCopy_NSE_CM_0_0_0_20240709_F_0000.csv');
    expect(await member('2024-01-01')).toBe('BhavCopy_NSE_CM_0_0_0_20240102_F_0000.csv');
  });

  it('slow sends the whole file in many parts', async () => {
    const { url } = await start();
    const answer = await raw(`${url}${path}?fault=slow:seconds=0.2`);
    expect(answer.parts).toBeGreaterThan(2);
    expect(unzipOne(answer.body).text).toBe(text);
  });

  it('close does not wait for a slow answer', async () => {
    const simulator = await start();
    const answer = raw(`${simulator.url}${path}?fault=slow:seconds=3600`);
    await expect.poll(() => simulator.requests.count(path)).toBe(1);
    await simulator.close();
    await expect(
      answer.then(
        ({ error }) => error ?? Promise.reject(new Error('complete')),
        (e) => e,
      ),
    ).resolves.toBeInstanceOf(Error);
  });

  it('corrupt-rows breaks five rows in five ways and no other', async () => {
    const { url } = await start();
    const spoiled = unzipOne(await body(await fetch(`${url}${path}?fault=corrupt-rows`))).text.split('\n');
    expect(spoiled).toHaveLength(lines.length + 1);
    const original = new Set(lines);
    const broken = spoiled.filter((line) => !original.has(line)).map((line) => line.split(','));
    expect(broken).toHaveLength(4);
    expect(broken[0]?.[17]).toBe('N/A');
    expect(Number(broken[1]?.[16])).toBeGreaterThan(Number(broken[1]?.[15]));
    expect(broken[2]?.[7]).toBe('');
    expect(broken[3]?.length).toBeLessThan(34);
    expect(spoiled.length - new Set(spoiled).size).toBe(1);
  });

  it('revised changes three values and drops a row', async () => {
    const { url } = await start();
    const revised = unzipOne(await body(await fetch(`${url}${path}?fault=revised`))).text.split('\n');
    expect(revised).toHaveLength(lines.length - 1);
    const original = new Set(lines);
    const changed = revised.filter((line) => !original.has(line)).map((line) => line.split(','));
    expect(changed).toHaveLength(3);
    for (const fields of changed) expect(fields[18]).toBe(fields[17]);
  });

  it('apply to their date and number of requests, in order, and can be replaced', async () => {
    const seen: SimulatedRequest[] = [];
    const { url, setFaults } = await start({
      faults: ['404@2024-07-09', '500 x1', 'blocked x1'].map(parseFault),
      onRequest: (request) => seen.push(request),
    });
    const status = async (of = path): Promise<number> => (await fetch(url + of)).status;
    const ninth = bhavcopyPath(businessDate('2024-07-09'), 'udiff_b');
    expect([await status(), await status(), await status()]).toEqual([500, 200, 200]);
    expect(await status(ninth)).toBe(404);
    expect(seen.map(({ fault }) => fault)).toEqual(['500 x1', 'blocked x1', undefined, '404@2024-07-09']);
    setFaults([]);
    expect(await status(ninth)).toBe(200);
  });

  it('that spoil a file wait for a request that has one', async () => {
    const { url } = await start({ faults: [parseFault('truncated-zip x1')] });
    expect((await fetch(url + bhavcopyPath(businessDate('2024-07-14'), 'udiff_b'))).status).toBe(404);
    expect(() => unzipOne(Buffer.alloc(4))).toThrow();
    const cut = await body(await fetch(url + path));
    expect(() => unzipOne(cut)).toThrow();
  });

  it('that cannot be read are refused with the reason', async () => {
    const { url } = await start();
    for (const fault of ['teapot', '404%20x2']) {
      const answer = await fetch(`${url}${path}?fault=${fault}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: expect.any(String), hint: expect.any(String) });
    }
  });
});
