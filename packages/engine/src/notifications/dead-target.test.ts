import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ControlPlane } from '../control-plane.ts';
import { Engine } from '../engine.ts';
import { flow } from '../flow.ts';
import { startTestPostgres, type TestPostgres } from '../testing/stack.ts';
import type { DeliveryRow } from './notifications.ts';
import { startTarget, type TestTarget } from './testing/target.ts';

const flows = [
  flow({ name: 'fails', parameters: z.object({}) }, async () => {
    throw new Error('no rows');
  }),
  flow({ name: 'works', parameters: z.object({}) }, async () => 42),
];
let postgres: TestPostgres;
let target: TestTarget;
let plane: ControlPlane;
let worker: Engine;

beforeAll(async () => {
  postgres = await startTestPostgres();
  target = await startTarget();
  plane = await ControlPlane.open({ databaseUrl: postgres.url, flows, notifications: { timeoutMs: 500 } });
  await plane.registerFlows();
  worker = await Engine.start({ databaseUrl: postgres.url, flows, serve: { workQueues: ['default'] } });
  plane.startDuties();
});
afterAll(async () => {
  await worker?.stop();
  await plane?.close();
  await target?.close();
  await postgres?.stop();
});

/** Polls; the suite's own time limit is the end of it. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
}

it('costs no run anything, is told of, and gets its alerts when it is back', async () => {
  await plane.notifications.rules.create({
    name: 'all',
    triggers: [{ type: 'run_state', states: ['FAILED', 'COMPLETED'] }],
    target: { type: 'slack', url: target.url('/slack') },
  });
  // Slack hangs on every request.
  target.answer('/slack', () => undefined);
  for (const flowName of ['fails', 'works']) {
    const { id } = await plane.control.create({ flowName, parameters: {} });
    const run = await until(async () => {
      const found = await plane.runs.find(id);
      return found?.endTime == null ? undefined : found;
    });
    expect(run.stateType).toBe(flowName === 'fails' ? 'FAILED' : 'COMPLETED');
  }
  const tried = async (): Promise<DeliveryRow[] | undefined> => {
    const list = await plane.notifications.deliveries();
    return list.length === 2 && list.every(({ error }) => error !== null) ? list : undefined;
  };
  const waiting = await until(tried);
  expect(waiting).toMatchObject([{ error: 'no answer within 0.5 s' }, { error: 'no answer within 0.5 s' }]);
  expect(await plane.notifications.counts()).toMatchObject({ waiting: 2, inTrouble: 2, delivered: 0 });

  target.clear();
  // Nobody waits for the pauses in a test.
  await postgres.query(`UPDATE champion.notification_deliveries SET next_attempt_at = now() WHERE status = 'pending'`);
  await until(async () => ((await plane.notifications.counts()).delivered === 2 ? true : undefined));
  const texts = target.texts('/slack').map(String).sort();
  expect(texts).toEqual([
    expect.stringMatching(/^\*fails\* · Failed · fails-\w+ · \S+\n.*no rows/),
    expect.stringMatching(/^\*works\* · Completed · works-\w+ · \S+$/),
  ]);
});
