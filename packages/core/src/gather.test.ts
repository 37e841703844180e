import { describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

describe('gather', () => {
  it('calls at once, and answers together what came meanwhile, each with its own', async () => {
    const calls: number[][] = [];
    const double = gather(async (inputs: readonly number[]) => {
      calls.push([...inputs]);
      await Promise.resolve();
      return inputs.map((n) => 2 * n);
    }, 3);
    expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10]);
    expect(calls).toEqual([[1], [2, 3, 4], [5]]);
    expect(await double(6)).toBe(12);
  });

  it('lets nobody fail for another', async () => {
    const pick = gather(async (inputs: readonly number[]) => {
      if (inputs.includes(3)) throw new Error('not three');
      return inputs;
    });
    const settled = await Promise.allSettled([1, 2, 3, 4].map(pick));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await pick(5)).toBe(5);
  });
});
