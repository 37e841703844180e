import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 150;

/**
 * Asks until there is an answer.
 * @param what it waits for, told when it waits in vain
 */
export async function until<T>(what: string, withinMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`waited ${withinMs / 1000} s in vain for ${what}`);
    await sleep(LOOK_MS);
  }
}
