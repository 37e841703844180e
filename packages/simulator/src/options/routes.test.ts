import { fixedClock } from '@champion/core';
import { afterEach, describe, expect, it } from 'vitest';
import { parseFault } from '../faults/fault-rule.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../server/simulator.ts';

const running: Simulator[] = [];

/** A simulator at an Indian time, and what it answers to a visitor of its home page. */
async function visit(time: string, options: SimulatorOptions = {}) {
  const clock = fixedClock(`${time}+05:30`);
  const simulator = await startSimulator({ clock, ...options });
  running.push(simulator);
  const home = await fetch(`${simulator.url}/option-chain`);
  const cookie = home.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const ask = (path: string) => fetch(simulator.url + path, { headers: { cookie } });
  const read = async (path: string) => JSON.parse(await (await ask(path)).text());
  return { simulator, ask, read };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const MEMBERS = '/api/equity-stock-indices?index=NIFTY%2050';
const CHAIN = '/api/option-chain-v3?type=Indices&symbol=NIFTY&expiry=26-May-2026';

describe('the site', () => {
  it.each([MEMBERS, CHAIN, '/api/option-chain-contract-info?symbol=NIFTY'])(
    'answers %s only with the cookies of the home page',
    async (path) => {
      const { simulator, ask } = await visit('2026-05-20T20:00:00');
      const refused = await fetch(simulator.url + path);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('content-type')).toContain('text/html');
      const half = await fetch(simulator.url + path, { headers: { cookie: 'nsit=simulated' } });
      expect(half.status).toBe(401);
      const answer = await ask(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain('application/json');
      expect(Object.keys(JSON.parse(await answer.text()))).not.toHaveLength(0);
    },
  );

  it.each(['/api/allIndices', '/api/marketStatus', '/content/indices/ind_nifty50list.csv'])(
    'answers %s to anyone',
    async (path) => {
      const { simulator } = await visit('2026-05-20T20:00:00');
      expect((await fetch(simulator.url + path)).status).toBe(200);
    },
  );

  it('shows the members of the last session until 18:30, and on days without one', async () => {
    const stamp = async (time: string, options?: SimulatorOptions) =>
      (await (await visit(time, options)).read(MEMBERS)).timestamp;
    expect(await stamp('2026-05-20T18:29:59')).toBe('19-May-2026 16:00:00');
    expect(await stamp('2026-05-20T18:30:00')).toBe('20-May-2026 16:00:00');
    expect(await stamp('2026-05-20T11:00:00', { publishAll: true })).toBe('20-May-2026 16:00:00');
    expect(await stamp('2026-05-24T20:00:00')).toBe('22-May-2026 16:00:00');
  });

  it('takes either shape of the members, and knows no other index', async () => {
    const { read } = await visit('2026-05-20T20:00:00');
    expect(Object.keys(await read(`${MEMBERS}&shape=b`))).toEqual(['data', 'marketStatus', 'timestamp']);
    expect(await read('/api/equity-stock-indices?index=NIFTY%2051')).toEqual({});
  });

  it('publishes the closing file of sessions alone, from 18:30', async () => {
    const early = await visit('2026-05-20T18:29:00');
    expect((await early.ask('/content/indices/ind_close_all_20052026.csv')).status).toBe(404);
    const { ask } = await visit('2026-05-20T18:30:00');
    const file = await ask('/content/indices/ind_close_all_20052026.csv');
    expect(await file.text()).toContain('\nNifty 50,20-05-2026,');
    for (const date of ['21052026', '17052026', '31122004', '99999999']) {
      expect((await ask(`/content/indices/ind_close_all_${date}.csv`)).status).toBe(404);
    }
  });

  it('answers {} about contracts that it does not know', async () => {
    const { read } = await visit('2026-05-20T20:00:00');
    expect((await read(CHAIN)).records.data.length).toBeGreaterThan(99);
    expect(
      (await read('/api/option-chain-v3?type=Equity&symbol=M%26M&expiry=26-May-2026')).records.data[20].PE,
    ).toMatchObject({
      underlying: 'M&M',
    });
    for (const query of [
      'type=Equity&symbol=NIFTY&expiry=26-May-2026',
      'type=Indices&symbol=NIFTY&expiry=27-May-2026',
      'type=Indices&symbol=NIFTY',
      'type=Indices&symbol=NOSUCH&expiry=26-May-2026',
      '',
    ]) {
      expect(await read(`/api/option-chain-v3?${query}`)).toEqual({});
    }
    expect(await read('/api/option-chain-contract-info?symbol=nifty')).toEqual({});
  });

  it('has the older chain only for who asks for it by name', async () => {
    const { ask, read } = await visit('2026-05-20T20:00:00');
    expect((await ask('/api/option-chain-indices?symbol=NIFTY')).status).toBe(404);
    expect((await read('/api/option-chain-indices?symbol=NIFTY&shape=v2')).records.expiryDates[0]).toBe('26-May-2026');
    expect((await read('/api/option-chain-equities?symbol=TCS&shape=v2')).records.underlyingValue).toBeGreaterThan(0);
    expect(await read('/api/option-chain-equities?symbol=NIFTY&shape=v2')).toEqual({});
  });
});

describe('faults', () => {
  it.each([
    ['404', 404],
    ['403', 403],
    ['429:retry-after=2', 429],
    ['500', 500],
    ['blocked', 200],
  ])('replace an answer: %s', async (fault, status) => {
    const { ask } = await visit('2026-05-20T20:00:00', { faults: [parseFault(fault)] });
    for (const path of [CHAIN, MEMBERS, '/content/indices/ind_close_all_20052026.csv', '/api/allIndices']) {
      const answer = await ask(path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('text/html');
    }
  });

  it('empty an answer, show another day, or wait for that day', async () => {
    const { simulator, read, ask } = await visit('2026-05-20T20:00:00', { faults: [parseFault('empty-object x2')] });
    expect(await read(CHAIN)).toEqual({});
    expect(await read(MEMBERS)).toEqual({});
    simulator.setFaults([parseFault('wrong-date@2026-05-20')]);
    expect((await read(MEMBERS)).timestamp).toBe('19-May-2026 16:00:00');
    expect((await read(CHAIN)).records.timestamp).toBe('19-May-2026 15:30:00');
    expect(await (await ask('/content/indices/ind_close_all_20052026.csv')).text()).toContain(',19-05-2026,');
    expect(await (await ask('/content/indices/ind_close_all_19052026.csv')).text()).toContain(',19-05-2026,');
    simulator.setFaults([parseFault('reset-body')]);
    await expect(ask(CHAIN).then((answer) => answer.text())).rejects.toThrow();
  });
});
