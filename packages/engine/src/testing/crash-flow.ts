import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { flow } from '../flow.ts';
import { task } from '../task.ts';

// A flow of five tasks that notes what it does in a file, and can be told to stand still at one point of it the first time
// it comes there, so that its process can be killed right then.

export const STEPS = [1, 2, 3, 4, 5] as const;
/** "boundary-0" is before the first task, "mid-3" within the third, "boundary-5" after the last. */
export const POINTS = ['boundary-0', ...STEPS.flatMap((step) => [`mid-${step}`, `boundary-${step}`])];

interface Sum {
  readonly dir: string;
  readonly label: string;
  readonly pauseAt: string;
  readonly sum: number;
}

async function pause({ dir, label, pauseAt }: Omit<Sum, 'sum'>, point: string): Promise<void> {
  const marker = join(dir, `${label}.paused`);
  if (pauseAt !== point || existsSync(marker)) return;
  writeFileSync(marker, '');
  await new Promise(() => undefined);
}

const steps = STEPS.map((step) =>
  task({ name: `step_${step}` }, async (input: Sum, ctx): Promise<Sum> => {
    const note = (what: string) => appendFileSync(join(input.dir, input.label), `${step} ${what} ${ctx.attempt}\n`);
    note('start');
    ctx.log.info(`step ${step}`);
    await pause(input, `mid-${step}`);
    note('end');
    return { ...input, sum: input.sum + step };
  }),
);

const parameters = z.object({ dir: z.string(), label: z.string(), pauseAt: z.string() });

export const crashFlow = flow({ name: 'crash-flow', parameters }, async (given) => {
  let state: Sum = { ...given, sum: 0 };
  await pause(given, 'boundary-0');
  for (const [index, step] of steps.entries()) {
    state = await step(state);
    await pause(given, `boundary-${index + 1}`);
  }
  return state.sum;
});

export const crashParent = flow({ name: 'crash-parent', parameters }, async (given) => {
  const sums = await Promise.all(['a', 'b'].map((half) => crashFlow({ ...given, label: `${given.label}-${half}` })));
  return sums;
});

/** Fails once, is killed in its second attempt, and has one retry: a crash must not use it up. */
const stumbling = task({ name: 'stumbling', retries: 1, retryDelayMs: 1 }, async (given: Omit<Sum, 'sum'>, ctx) => {
  if (ctx.attempt === 1) throw new Error('first');
  await pause(given, given.pauseAt);
  return ctx.attempt;
});
export const stumblingFlow = flow({ name: 'stumbling-flow', parameters }, (given) => stumbling(given));
