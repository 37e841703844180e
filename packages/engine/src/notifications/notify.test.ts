import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ControlPlane } from '../control-plane.ts';
import { Engine } from '../engine.ts';
import { flow } from '../flow.ts';
import { startTestPostgres, type TestPostgres } from '../testing/stack.ts';
import { notify } from './notify.ts';
import { startTarget, type TestTarget } from './testing/target.ts';

const parameters = z.object({});
const fails = flow({ name: 'fails', parameters, onFailure: [notify.slack()] }, async () => {
  throw new Error('no rows');
});
const parent = flow({ name: 'parent', parameters }, async () => (await fails.outcome({})).state);
const works = flow({ name: 'works', parameters, onCompletion: [notify.rule('ops'), notify.slack()] }, async () => 42);
const breaks = flow(
  {
    name: 'breaks',
    parameters,
    onCompletion: [
      () => {
        throw new Error('hook broke');
      },
      notify.slack(),
    ],
  },
  async () => 'fine',
);

let postgres: TestPostgres;
let target: TestTarget;
let plane: ControlPlane;
let worker: Engine;
beforeAll(async () => {
  const flows = [fails, parent, works, breaks];
  postgres = await startTestPostgres();
  target = await startTarget();
  plane = await ControlPlane.open({ databaseUrl: postgres.url, flows });
  worker = await Engine.start({ databaseUrl: postgres.url, flows });
});
afterEach(() => target.clear());
afterAll(async () => {
  await worker?.stop();
  await plane?.close();
  await target?.close();
  await postgres?.stop();
});

/** As the duties do, a few times over. */
async function tick(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    for (const duty of plane.notifications.duties().filter(({ name }) => /^(alerts|delivery of alerts)$/.test(name))) {
      await duty.run(new Date());
    }
    await plane.notifications.settled();
  }
}

async function end(name: string): Promise<{ id: string; state: string; warnings: string[] }> {
  const run = await worker.run(name, {});
  const { state } = await run.result();
  await tick();
  const lines = await worker.runs.logs(run.id);
  return {
    id: run.id,
    state,
    warnings: lines.filter(({ level }) => level !== 'info').map(({ message }) => message),
  };
}

it('says in the log of the run when there is nobody to tell', async () => {
  expect(await end('works')).toMatchObject({
    state: 'COMPLETED',
    warnings: [
      'Nobody was told of this end: there is no notification rule "ops", or it is disabled',
      'Nobody was told of this end: SLACK_WEBHOOK_URL is not set at the server, or its rule is disabled',
    ],
  });
});

it('tells where no rule would, and once where one does', async () => {
  await plane.notifications.rules.setEnvironmentRule(target.url('/slack'));
  await plane.notifications.rules.create({
    name: 'ops',
    triggers: [{ type: 'run_late', afterSeconds: 60 }],
    target: { type: 'webhook', url: target.url('/ops') },
    dedupeMinutes: 0,
  });
  const [slack] = await plane.notifications.rules.list().then((rules) => rules.filter(({ name }) => name === 'Slack'));
  await plane.notifications.rules.update(slack?.id ?? '', { dedupeMinutes: 0 });

  expect((await end('fails')).state).toBe('FAILED');
  expect(target.texts('/slack')).toEqual([expect.stringMatching(/^\*fails\* · Failed · fails-\w+.*\nno rows/)]);
  // The rule leaves child runs to their parents; the hook does not.
  expect((await end('parent')).state).toBe('COMPLETED');
  expect(target.texts('/slack')).toHaveLength(2);
  expect((await end('works')).warnings).toEqual([]);
  expect(target.at('/ops').map(({ body }) => body.flow)).toEqual(['works']);
  expect(target.texts('/slack')).toHaveLength(3);
});

it('is not kept from it by a hook that throws, nor is the run', async () => {
  expect(await end('breaks')).toMatchObject({ state: 'COMPLETED', warnings: ['A hook failed: hook broke'] });
  expect(target.texts('/slack')).toEqual([expect.stringContaining('*breaks* · Completed')]);
});
