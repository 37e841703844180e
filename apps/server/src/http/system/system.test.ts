import type { SystemSample } from '@champion/contract';
import { type Clock, fixedClock } from '@champion/core';
import { expect, it } from 'vitest';
import { ApiTraffic } from './api-traffic.ts';
import { ExchangeWatch } from './exchange-watch.ts';
import { Samples } from './samples.ts';

const begin = Date.parse('2026-01-12T10:00:00Z');

function clockAt(): Clock & { to(seconds: number): void } {
  let now = begin;
  return {
    now: () => new Date(now),
    to: (seconds) => {
      now = begin + seconds * 1000;
    },
  };
}

it('counts requests by the hour and the day, and forgets what is older', () => {
  const clock = clockAt();
  const traffic = new ApiTraffic(clock);
  for (const status of [200, 204, 304, 404, 500]) traffic.count(status);
  expect(traffic.take()).toEqual({ answered: 3, refused: 1, failed: 1 });
  clock.to(2 * 3600);
  traffic.count(200);
  expect(traffic.last(60)).toEqual({ answered: 1, refused: 0, failed: 0 });
  expect(traffic.last(1440)).toEqual({ answered: 4, refused: 1, failed: 1 });
  expect(traffic.take()).toEqual({ answered: 1, refused: 0, failed: 0 });
  clock.to(25 * 3600);
  expect(traffic.last(1440)).toEqual({ answered: 1, refused: 0, failed: 0 });
  for (let minute = 0; minute < 3000; minute++) {
    clock.to(26 * 3600 + minute * 60);
    traffic.count(200);
  }
  expect(traffic.last(100_000).answered).toBe(1440);
});

function sampleAt(second: number): SystemSample {
  return {
    at: new Date(begin + second * 1000).toISOString(),
    cpu: second % 20 === 0 ? 0.4 : 0.2,
    load: 1,
    rss_bytes: 100,
    heap_used_bytes: 50,
    memory_used: 0.5,
    disk_used: 0.1,
    running: second,
    late: null,
    requests: { answered: 1, refused: 0, failed: 0 },
  };
}

it('keeps the samples of a day, and gives no more than a chart shows', () => {
  const samples = new Samples();
  for (let second = 0; second < 30 * 3600; second += 10) samples.add(sampleAt(second));
  const last = (30 * 3600 - 10) * 1000;
  expect(samples.latest?.at).toBe(new Date(begin + last).toISOString());
  const hour = samples.since(new Date(begin + last - 3_590_000));
  expect([hour.every_seconds, hour.samples.length]).toEqual([10, 360]);
  const day = samples.since(new Date(begin));
  expect([day.every_seconds, day.samples.length]).toEqual([120, 720]);
  expect(day.samples.at(-1)).toMatchObject({ running: last / 1000, late: null, requests: { answered: 12 } });
  expect(day.samples[5]?.cpu).toBeCloseTo(0.3);
  expect(day.samples.map(({ at }) => at)).toEqual(day.samples.map(({ at }) => at).sort());
});

it('tells how a host has been answering', async () => {
  const clock = clockAt();
  const watch = new ExchangeWatch(clock);
  const paused: number[] = [];
  const pacer = watch.watched({ acquire: async () => undefined, pause: async (_, until) => void paused.push(until) });
  const told = (outcome: Parameters<typeof watch.onRequest>[0]['outcome']) => watch.onRequest({ host: 'a', outcome });
  told('OK');
  expect(watch.states()).toMatchObject([{ host: 'a', circuit: 'closed', failures: 0 }]);
  clock.to(10);
  told('TIMEOUT');
  told('CANCELLED');
  told('BLOCKED');
  expect(watch.states()).toMatchObject([
    { circuit: 'half_open', failures: 2, last_outcome: 'BLOCKED', last_success_at: '2026-01-12T10:00:00.000Z' },
  ]);
  await pacer.pause('a', begin + 60_000);
  expect(paused).toEqual([begin + 60_000]);
  expect(watch.states()).toMatchObject([{ circuit: 'open', open_until: '2026-01-12T10:01:00.000Z' }]);
  clock.to(61);
  expect(watch.states()).toMatchObject([{ circuit: 'half_open', open_until: null }]);
  // That there is no such file is a good answer.
  told('NOT_FOUND');
  expect(watch.states()).toMatchObject([{ circuit: 'closed', failures: 0 }]);
  for (let host = 0; host < 100; host++) watch.onRequest({ host: `h${host}`, outcome: 'OK' });
  expect(watch.states()).toHaveLength(10);
  expect(new ExchangeWatch(fixedClock('2026-01-12T10:00:00Z')).states()).toEqual([]);
});
