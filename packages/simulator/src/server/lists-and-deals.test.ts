import { get, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { businessDate, fixedClock, TradingCalendar } from '@champion/core';
import { afterEach, describe, expect, it } from 'vitest';
import { fullBhavcopyPath } from '../bhavcopy/eras.ts';
import { dealsJson, rollingDealsCsv } from '../deals/fixtures.ts';
import { deliveryCsv } from '../delivery/delivery.ts';
import { parseFault } from '../faults/fault-rule.ts';
import { symbolChangeCsv } from '../masters/changes.ts';
import { equityListCsv } from '../masters/equity-list.ts';
import { holidayMasterJson } from '../notices/holiday-master.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

const evening = fixedClock('2024-07-19T20:00:00+05:30');
const friday = businessDate('2024-07-19');
const calendar = new TradingCalendar();
const running: Simulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<string> {
  const simulator = await startSimulator({ clock: evening, ...options });
  running.push(simulator);
  return simulator.url;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const at = (time: string): SimulatorOptions => ({ clock: fixedClock(`${time}+05:30`) });

/** The cookies that the home page gives. */
async function cookiesOf(url: string): Promise<string> {
  const home = await fetch(`${url}/`);
  return home.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function ask(url: string, path: string): Promise<Response> {
  return fetch(url + path, { headers: { cookie: await cookiesOf(url) } });
}

const api = (kind: string, from: string, to = from, more = ''): string =>
  `/api/historicalOR/bulk-block-short-deals?optionType=${kind}&from=${from}&to=${to}${more}`;

async function rows(answer: Response): Promise<{ BD_DT_DATE: string }[]> {
  return ((await answer.json()) as { data: { BD_DT_DATE: string }[] }).data;
}

describe('the delivery file', () => {
  it('comes with the bhavcopy, and on a day without a session repeats the session before', async () => {
    const url = await start();
    const file = async (day: string): Promise<string> =>
      (await fetch(url + fullBhavcopyPath(businessDate(day)))).text();
    expect(await file('2024-07-19')).toBe(deliveryCsv({ seed: 1, date: friday }));
    expect(await file('2024-07-17')).toBe(deliveryCsv({ seed: 1, date: businessDate('2024-07-16') }));
    expect(await file('2024-07-14')).toBe(deliveryCsv({ seed: 1, date: businessDate('2024-07-12') }));
    for (const day of ['2024-07-20', '2019-12-31'])
      expect((await fetch(url + fullBhavcopyPath(businessDate(day)))).status).toBe(404);
    const early = await start(at('2024-07-19T17:59:59'));
    expect((await fetch(early + fullBhavcopyPath(friday))).status).toBe(404);
    const spoiled = await fetch(`${url}${fullBhavcopyPath(friday)}?fault=corrupt-rows`);
    expect((await spoiled.text()).split('\n')).toHaveLength((await file('2024-07-19')).split('\n').length + 1);
  });
});

describe('lists', () => {
  it("are as of the clock's day, need no cookies, and can be spoiled", async () => {
    const url = await start();
    const list = async (path: string): Promise<string> => (await fetch(`${url}/content/equities/${path}`)).text();
    const companies = equityListCsv({ seed: 1, date: friday });
    expect(await list('EQUITY_L.csv')).toBe(companies);
    expect(await list('symbolchange.csv')).toBe(symbolChangeCsv({ seed: 1, date: friday }));
    expect(await list('namechange.csv')).toMatch(/^NCH_SYMBOL, NCH_PREV_NAME/);
    const known = new Set(companies.split('\n'));
    const broken = (await list('EQUITY_L.csv?fault=corrupt-rows')).split('\n').filter((line) => !known.has(line));
    expect(broken).toHaveLength(3);
    expect(broken[0]?.split(',')[3]).toBe('N/A');
    expect(broken[1]?.split(',')[0]).toBe('');
    expect(broken[2]?.split(',')).toHaveLength(6);
    const other = await start({ faults: [parseFault('wrong-date'), parseFault('truncated-zip')] });
    expect(await (await fetch(`${other}/content/equities/EQUITY_L.csv`)).text()).toBe(companies);
  });
});

describe('deals', () => {
  it('of the API need the cookies of the home page', async () => {
    const url = await start();
    const path = api('bulk_deals', '19-07-2024');
    const bare = await fetch(url + path);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('content-type')).toMatch('text/html');
    const answer = await ask(url, path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch('application/json');
    expect(await answer.text()).toBe(dealsJson({ seed: 1, date: friday, kind: 'bulk_deals' }));
    expect((await fetch(`${url}/content/equities/bulk.csv`)).status).toBe(200);
  });

  it('are sent as brotli to whoever accepts it', async () => {
    const url = await start();
    const cookie = await cookiesOf(url);
    const { headers, body } = await new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const path = `${url}${api('bulk_deals', '19-07-2024', '19-07-2024', '&csv=true')}`;
      get(path, { headers: { cookie, 'accept-encoding': 'gzip, deflate, br' } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
      }).on('error', reject);
    });
    expect(headers['content-encoding']).toBe('br');
    expect(headers['content-length']).toBe(String(body.length));
    expect(brotliDecompressSync(body).toString()).toMatch(/^\u{feff}"Date ","Symbol "/u);
  });

  it('of a span are those of its sessions up to now, of at most a year', async () => {
    const url = await start();
    const dates = new Set(
      (await rows(await ask(url, api('bulk_deals', '12-07-2024', '31-07-2024')))).map((row) => row.BD_DT_DATE),
    );
    expect([...dates]).toEqual(['12-JUL-2024', '15-JUL-2024', '16-JUL-2024', '18-JUL-2024', '19-JUL-2024']);
    expect(await rows(await ask(url, api('bulk_deals', '13-07-2024', '14-07-2024')))).toEqual([]);
    for (const path of [
      api('bulk_deals', '18-07-2023', '19-07-2024'),
      api('bulk_deals', '19-07-2024', '18-07-2024'),
      api('swaps', '19-07-2024'),
      api('bulk_deals', '2024-07-19'),
    ]) {
      const refused = await ask(url, path);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: expect.any(String), hint: expect.any(String) });
    }
  });

  it('come out in part at 15:00 and are final at 19:00', async () => {
    const count = async (time: string): Promise<[number, string | undefined, number]> => {
      const url = await start(at(time));
      const lines = (await (await fetch(`${url}/content/equities/bulk.csv`)).text()).trimEnd().split('\n').slice(1);
      const answered = await rows(await ask(url, api('bulk_deals', '19-07-2024')));
      return [lines.length, lines[0]?.slice(0, 11), answered.length];
    };
    const all = rollingDealsCsv({ seed: 1, date: friday, kind: 'bulk_deals' }).trimEnd().split('\n').length - 1;
    const eve = rollingDealsCsv({ seed: 1, date: calendar.previousSession(friday), kind: 'bulk_deals' });
    expect(await count('2024-07-19T14:59:59')).toEqual([eve.trimEnd().split('\n').length - 1, '18-JUL-2024', 0]);
    const [part, day, answered] = await count('2024-07-19T15:00:00');
    expect(day).toBe('19-JUL-2024');
    expect(part).toBe(answered);
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(all);
    expect(await count('2024-07-19T19:00:00')).toEqual([all, '19-JUL-2024', all]);
    expect(await count('2024-07-21T10:00:00')).toEqual([all, '19-JUL-2024', all]);
  });

  it('can be spoiled', async () => {
    const url = await start();
    const path = api('bulk_deals', '19-07-2024');
    expect(await (await ask(url, `${path}&fault=empty-object`)).text()).toBe('{}');
    const csv = api('bulk_deals', '19-07-2024', '19-07-2024', '&csv=true');
    const whole = await (await ask(url, csv)).text();
    const known = new Set(whole.split('\n'));
    const spoiled = await (await ask(url, `${csv}&fault=corrupt-rows`)).text();
    const broken = spoiled.split('\n').filter((line) => !known.has(line));
    expect(spoiled.split('\n')).toHaveLength(whole.split('\n').length);
    expect(broken[0]).toContain(',"N/A",');
    expect(broken[1]).toContain('","",');
    expect(broken[2]?.split('","').length).toBeLessThan(8);
    const other = await rows(await ask(url, `${path}&fault=wrong-date`));
    expect(new Set(other.map((row) => row.BD_DT_DATE))).toEqual(new Set(['18-JUL-2024']));
    const rolled = await (await fetch(`${url}/content/equities/bulk.csv?fault=wrong-date`)).text();
    expect(rolled).toContain('18-JUL-2024');
    const standing = await start({ faults: [parseFault('empty-object x1'), parseFault('429 x1')] });
    expect((await fetch(`${standing}/content/equities/bulk.csv`)).status).toBe(429);
    expect((await fetch(`${standing}/content/equities/bulk.csv`)).status).toBe(200);
    expect(await (await ask(standing, path)).text()).toBe('{}');
  });
});

describe('notices', () => {
  it("tell of the clock's year and of its latest files", async () => {
    const url = await start(at('2024-07-19T18:30:00'));
    expect((await fetch(`${url}/api/holiday-master?type=trading`)).status).toBe(401);
    expect(await (await ask(url, '/api/holiday-master?type=trading')).text()).toBe(holidayMasterJson({ year: 2024 }));
    const reports = (await (await fetch(`${url}/api/daily-reports?key=CM`)).json()) as Record<
      string,
      { fileKey: string; filePath: string; fileActlName: string; tradingDate: string }[]
    >;
    expect(reports.CurrentDay?.map(({ fileKey }) => fileKey)).toEqual(['CM-UDIFF-BHAVCOPY-CSV', 'CM-BHAVDATA-FULL']);
    expect(reports.PreviousDay).toHaveLength(4);
    for (const { filePath, fileActlName } of [...(reports.CurrentDay ?? []), ...(reports.PreviousDay ?? [])])
      expect((await fetch(`${url}${filePath}${fileActlName}`, { method: 'HEAD' })).status).toBe(200);
    expect((await ask(url, '/api/holiday-master?type=clearing')).status).toBe(404);
  });
});
