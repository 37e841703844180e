import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChampionError, systemClock } from '@champion/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { artifact } from '../artifact.ts';
import { ControlPlane } from '../control-plane.ts';
import { Engine } from '../engine.ts';
import { flow } from '../flow.ts';
import { task } from '../task.ts';
import { startTestPostgres, type TestPostgres } from '../testing/stack.ts';
import { block } from './block.ts';

const TOKEN = 'tok"en & more-1234';
const HOOK = 'https://hooks.example.org/services/AAAABBBBCCCC';

const wish = z.object({
  wish: z.enum(['use', 'log', 'return', 'throw', 'hand on', 'flow returns', 'child', 'leave']),
});
const seen: unknown[] = [];
let escaped = '';
const child = flow({ name: 'blocks-child', parameters: z.object({ text: z.string() }) }, async () => 1);
const spend = task({ name: 'spend', retries: 1, retryDelayMs: 1 }, async (what: string, ctx) => {
  const { value } = await block('secret/token');
  const { url } = await block('slack-webhook/ops');
  const { value: limits } = await block('json/limits');
  seen.push(value, url, limits);
  escaped = value;
  if (what === 'log') ctx.log.info(`with ${value}`, { nested: [url, { [value]: encodeURIComponent(value) }] });
  if (what === 'return') return { ok: `Bearer ${value}` };
  if (what === 'leave') await artifact({ kind: 'markdown', key: 'told', markdown: value });
  if (what === 'throw') {
    throw new ChampionError(`GET ${url} with ${value}`, { code: 'BLOCKED', hint: value, context: { path: value } });
  }
  return { ok: 'nothing' };
});
const blocksFlow = flow({ name: 'blocks-flow', parameters: wish }, async (given, ctx) => {
  if (given.wish === 'use') await block('secret/token').catch((error: ChampionError) => seen.push(error.code));
  const result = await spend(given.wish);
  ctx.log.info(`the flow got hold of ${escaped}`);
  if (given.wish === 'child') await child({ text: escaped });
  return given.wish === 'flow returns' ? { escaped } : result;
});

let postgres: TestPostgres;
let folder: string;
let engine: Engine;
beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await mkdtemp(join(tmpdir(), 'champion-block-'));
  const options = {
    databaseUrl: postgres.url,
    flows: [blocksFlow, child],
    secretKey: { file: join(folder, 'secret.key') },
  };
  const plane = await ControlPlane.open({ ...options, clock: systemClock });
  await plane.blocks.create({ type: 'secret', name: 'token', data: { value: TOKEN } });
  await plane.blocks.create({ type: 'slack-webhook', name: 'ops', data: { url: HOOK } });
  await plane.blocks.create({ type: 'json', name: 'limits', data: { value: { most: 7 } } });
  await plane.close();
  engine = await Engine.start(options);
});
afterAll(async () => {
  await engine?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that the database has, but for the blocks themselves. */
async function everything(): Promise<string> {
  const tables = await postgres.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'blocks'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => postgres.query<{ all: string }>(`SELECT t::text AS all FROM ${name} t`)),
  );
  return rows
    .flat()
    .map(({ all }) => all)
    .join('\n');
}

describe('a block in a task', () => {
  it('gives what it holds, and only in a task', async () => {
    const events: unknown[] = [];
    const stop = engine.events.subscribe((event) => events.push(event));
    const run = await (await engine.run('blocks-flow', { wish: 'use' })).result();
    stop();
    expect(run).toMatchObject({ state: 'COMPLETED', result: { ok: 'nothing' } });
    expect(seen.splice(0)).toEqual(['INVALID_INPUT', TOKEN, HOOK, { most: 7 }]);
    expect(JSON.stringify(events)).toContain('the flow got hold of ********');
    expect(JSON.stringify(events)).not.toContain('more-1234');
  });

  it('leaves its secrets neither in logs, errors, results, parameters nor artifacts', async () => {
    const outcomes: Record<string, unknown> = {};
    for (const given of wish.shape.wish.options) {
      const run = await (await engine.run('blocks-flow', { wish: given })).result();
      outcomes[given] = run.state === 'COMPLETED' ? run.result : run.error?.message;
    }
    expect(outcomes).toEqual({
      use: { ok: 'nothing' },
      log: { ok: 'nothing' },
      return: 'The result of the task spend holds a secret of a block',
      throw: 'GET ******** with ********',
      'hand on': { ok: 'nothing' },
      'flow returns': 'The result of the flow blocks-flow holds a secret of a block',
      child: 'What is given to the flow blocks-child holds a secret of a block',
      leave: 'The artifact told holds a secret of a block',
    });
    const recorded = await everything();
    expect(recorded).toContain('with ********');
    for (const secret of ['more-1234', 'AAAABBBBCCCC', encodeURIComponent(TOKEN)]) {
      expect(recorded).not.toContain(secret);
    }
  });
});
