import { describe, expect, it } from 'vitest';
import { FakeTime } from '../testing/fake-time.ts';
import { createPacer, MAX_PAUSE_MS } from './pacer.ts';

function setup(requestsPerSecond: number, maxWaiting?: number) {
  const time = new FakeTime();
  const start = time.clock.now().getTime();
  const pacer = createPacer({ requestsPerSecond, clock: time.clock, after: time.after, maxWaiting });
  const granted: [name: string, ms: number][] = [];
  const ask = (name: string, host = 'a', signal?: AbortSignal, onPause?: (until: number) => void) =>
    pacer.acquire(host, signal, onPause).then(() => void granted.push([name, time.clock.now().getTime() - start]));
  return { time, start, pacer, granted, ask };
}

describe('pace', () => {
  it('grants N at once, then in the order of asking, never more than N in any second', async () => {
    const { time, granted, ask } = setup(3);
    const asked = ['1', '2', '3', '4', '5', '6', '7'].map((name) => ask(name));
    await time.advance(400);
    expect(granted.map(([name]) => name)).toEqual(['1', '2', '3']);
    await time.advance(5000);
    await Promise.all(asked);
    expect(granted).toEqual([
      ['1', 0],
      ['2', 0],
      ['3', 0],
      ['4', 1000],
      ['5', 1000],
      ['6', 1000],
      ['7', 2000],
    ]);
    expect(time.pending).toBe(0);
  });

  it('counts the window from each grant, not from the start of a second', async () => {
    const { time, granted, ask } = setup(2);
    await ask('1');
    await time.advance(900);
    await ask('2');
    const third = ask('3');
    const fourth = ask('4');
    await time.advance(2000);
    await Promise.all([third, fourth]);
    expect(granted.map(([, ms]) => ms)).toEqual([0, 900, 1000, 1900]);
  });

  it.each([
    [0.5, [0, 2000, 4000]],
    [1, [0, 1000, 2000]],
  ])('goes as slowly as %d a second', async (rate, instants) => {
    const { time, granted, ask } = setup(rate);
    const asked = ['1', '2', '3'].map((name) => ask(name));
    await time.advance(10_000);
    await Promise.all(asked);
    expect(granted.map(([, ms]) => ms)).toEqual(instants);
  });

  it('has no limit when told so', async () => {
    const { ask, granted } = setup(Number.POSITIVE_INFINITY);
    await Promise.all(Array.from({ length: 50 }, (_, i) => ask(String(i))));
    expect(granted).toHaveLength(50);
  });

  it('paces each host by itself', async () => {
    const { ask, granted } = setup(1);
    await Promise.all([ask('1', 'a'), ask('2', 'b')]);
    expect(granted).toHaveLength(2);
  });

  it.each([0, -1, Number.NaN])('refuses a pace of %d', (rate) => {
    expect(() => setup(rate)).toThrowError(expect.objectContaining({ code: 'CONFIG' }));
  });

  it('is not stopped by a clock set back', async () => {
    const { time, start, ask, granted } = setup(1);
    await ask('1');
    time.set(start - 86_400_000);
    const second = ask('2');
    await time.advance(1000);
    await second;
    expect(granted).toHaveLength(2);
  });
});

describe('cancellation and bounds', () => {
  it('takes a caller out of the queue and lets the next one up', async () => {
    const { time, granted, ask } = setup(1);
    const leaver = new AbortController();
    const asked = [ask('1'), ask('2', 'a', leaver.signal), ask('3')];
    leaver.abort(new Error('no longer needed'));
    await expect(asked[1]).rejects.toMatchObject({ code: 'CANCELLED', retry: 'never' });
    await time.advance(1000);
    expect(granted).toEqual([
      ['1', 0],
      ['3', 1000],
    ]);
  });

  it('leaves no timer behind when the last caller goes', async () => {
    const { time, ask } = setup(1);
    const leaver = new AbortController();
    await ask('1');
    const second = ask('2', 'a', leaver.signal);
    expect(time.pending).toBe(1);
    leaver.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(time.pending).toBe(0);
  });

  it('refuses a caller who is cancelled already', async () => {
    await expect(setup(1).ask('1', 'a', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('refuses callers beyond its bound as BUSY', async () => {
    const { time, ask } = setup(1, 2);
    const asked = [ask('1'), ask('2'), ask('3')];
    await expect(ask('4')).rejects.toMatchObject({ code: 'BUSY', retry: 'backoff' });
    await time.advance(3000);
    await Promise.all(asked);
  });
});

describe('a pause', () => {
  it('holds the whole host, tells those who wait, and ends', async () => {
    const { time, start, pacer, granted, ask } = setup(3);
    await pacer.pause('a', start + 60_000);
    const told: number[] = [];
    const asked = [ask('1', 'a', undefined, (until) => told.push(until)), ask('2', 'a')];
    await ask('elsewhere', 'b');
    await time.advance(59_000);
    expect(granted).toEqual([['elsewhere', 0]]);
    expect(told).toEqual([start + 60_000]);
    await time.advance(1000);
    await Promise.all(asked);
    expect(granted.slice(1)).toEqual([
      ['1', 60_000],
      ['2', 60_000],
    ]);
  });

  it('reaches those who wait already, and only a later one extends it', async () => {
    const { time, start, pacer, granted, ask } = setup(1);
    await ask('1');
    const told: number[] = [];
    const second = ask('2', 'a', undefined, (until) => told.push(until));
    await pacer.pause('a', start + 5000);
    await pacer.pause('a', start + 2000);
    await time.advance(5000);
    await second;
    expect(granted.at(-1)).toEqual(['2', 5000]);
    expect(told).toEqual([start + 5000]);
  });

  it('is bounded', async () => {
    const { time, start, pacer, granted, ask } = setup(1);
    await pacer.pause('a', start + 86_400_000);
    const asked = ask('1');
    await time.advance(MAX_PAUSE_MS);
    await asked;
    expect(granted).toEqual([['1', MAX_PAUSE_MS]]);
  });
});
