import { describe, expect, it } from 'vitest';
import { BackfillWork } from './backfill-work.ts';

describe('a backfill at work', () => {
  it('has a rate and the time it will take once sessions have ended', async () => {
    let end = (): void => undefined;
    const work = new BackfillWork('id', async ({ signal, onProgress }) => {
      onProgress({ total: 10, done: 4, ran: 0, failed: 0 });
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      end = () => onProgress({ total: 10, done: 6, ran: 2, failed: 0 });
      await stopped;
    });
    await work.begun;
    expect(work.describe('no worker')).toEqual({
      ...{ ratePerMinute: null, secondsLeft: null, stopping: false },
      waitsFor: 'no worker',
    });
    end();
    const { ratePerMinute, secondsLeft, waitsFor } = work.describe(undefined);
    expect(waitsFor).toBeNull();
    expect((Number(ratePerMinute) * Number(secondsLeft)) / 60).toBeCloseTo(4, 6);
    await work.cancel(60_000);
    expect(work.describe(undefined)).toMatchObject({ stopping: true });
  });

  it('has begun when there is nothing to do only once it has ended', async () => {
    let finish = (): void => undefined;
    let begun = false;
    const work = new BackfillWork('id', async ({ onProgress }) => {
      onProgress({ total: 0, done: 0, ran: 0, failed: 0 });
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    work.begun.then(() => {
      begun = true;
    });
    await Promise.resolve();
    expect(begun).toBe(false);
    finish();
    await work.begun;
  });
});
