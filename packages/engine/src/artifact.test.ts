import { ChampionError } from '@champion/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { artifact, type NewArtifact } from './artifact.ts';
import { Engine } from './engine.ts';
import { flow } from './flow.ts';
import { task } from './task.ts';
import { startTestPostgres, type TestPostgres } from './testing/stack.ts';

let postgres: TestPostgres;
let engine: Engine;
const told: { given?: readonly NewArtifact[] } = {};

const report = task({ name: 'report', retries: 1, retryDelayMs: 1 }, async (rows: number, ctx) => {
  await artifact({ key: 'quality', kind: 'markdown', markdown: `${rows} rows, attempt ${ctx.attempt}` });
  if (ctx.attempt === 1) throw new ChampionError('not yet', { code: 'UNREACHABLE', retry: 'backoff' });
  return rows;
});
const reporting = flow({ name: 'reports', parameters: z.object({ rows: z.number() }) }, async ({ rows }) => {
  await artifact({ key: 'files', kind: 'table', rows: [{ z: 1, a: 'x' }], description: 'What is there' });
  await report(rows);
  await artifact({ key: 'files', kind: 'table', rows: [{ z: 2, a: 'y' }] });
  await artifact({ key: 'chart', kind: 'link', href: '/market', text: 'the market' });
});
const leaving = flow({ name: 'leaves', parameters: z.object({}) }, async () => {
  for (const given of told.given ?? []) await artifact(given);
});

beforeAll(async () => {
  postgres = await startTestPostgres();
  engine = await Engine.start({ databaseUrl: postgres.url, flows: [reporting, leaving] });
});
afterAll(async () => {
  await engine?.stop();
  await postgres?.stop();
});

async function left(given: readonly NewArtifact[]) {
  told.given = given;
  return (await engine.run('leaves')).result();
}

describe('artifacts', () => {
  it('stay with the run: one of each key, the last that was left, with its columns in order', async () => {
    const run = await engine.run('reports', { rows: 7 });
    expect(await run.result()).toMatchObject({ state: 'COMPLETED' });
    const [taskRun] = await engine.runs.taskRuns.list({ flowRunIds: [run.id] });
    const found = await engine.runs.artifacts.list({ flowRunIds: [run.id] }, { sort: 'keyAsc' });
    expect(found).toMatchObject([
      { key: 'chart', kind: 'link', data: { href: '/market', text: 'the market' }, taskRunId: null },
      { key: 'files', kind: 'table', description: null },
      { key: 'quality', kind: 'markdown', data: '7 rows, attempt 2', taskRunId: taskRun?.id },
    ]);
    expect(JSON.stringify(found[1]?.data)).toBe('[{"z":2,"a":"y"}]');
    expect(found[1]?.updatedAt.getTime()).toBeGreaterThanOrEqual(found[1]?.createdAt.getTime() ?? 0);
    expect(await engine.runs.artifacts.find(found[0]?.id ?? '')).toEqual(found[0]);
  });

  it('have a latest of each key', async () => {
    const first = await engine.run('reports', { rows: 8 });
    await first.result();
    const second = await engine.run('reports', { rows: 9 });
    await second.result();
    const latest = await engine.runs.artifacts.list({ kinds: ['markdown'] }, { latest: true });
    expect(latest).toMatchObject([{ key: 'quality', flowRunId: second.id, data: '9 rows, attempt 2' }]);
    expect(await engine.runs.artifacts.latest('quality')).toEqual(latest[0]);
    expect(await engine.runs.artifacts.count({ keyContains: 'QUAL' })).toBeGreaterThanOrEqual(2);
    expect(await engine.runs.artifacts.count({ keyContains: 'QUAL' }, { latest: true })).toBe(1);
    expect(await engine.runs.artifacts.list({ notKinds: ['markdown', 'table'] }, { latest: true })).toMatchObject([
      { key: 'chart' },
    ]);
    expect(await engine.runs.artifacts.remove(latest[0]?.id ?? '')).toBe(true);
    expect(await engine.runs.artifacts.remove(latest[0]?.id ?? '')).toBe(false);
    expect(await engine.runs.artifacts.latest('quality')).toMatchObject({ flowRunId: first.id });
  });

  it('are refused outside a flow, under odd keys, for odd addresses, and when there is too much of them', async () => {
    const markdown = 'x';
    await expect(artifact({ key: 'a', kind: 'markdown', markdown })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const refused: readonly NewArtifact[] = [
      { key: 'Not a key', kind: 'markdown', markdown },
      { key: 'script', kind: 'link', href: 'javascript:alert(1)' },
      { key: 'elsewhere', kind: 'link', href: '//evil.example/x' },
      { key: 'elsewhere-too', kind: 'link', href: '/\t/evil.example/x' },
      { key: 'large', kind: 'markdown', markdown: 'x'.repeat(256 * 1024) },
    ];
    for (const given of refused) {
      expect(await left([given]), given.key).toMatchObject({ state: 'FAILED', error: { code: 'INVALID_INPUT' } });
    }
    const many = Array.from({ length: 101 }, (_, i) => ({ key: `k-${i}`, kind: 'markdown', markdown }) as const);
    const outcome = await left([...many.slice(0, 100), ...many]);
    expect(outcome).toMatchObject({ state: 'FAILED', message: expect.stringContaining('k-100 is one too many') });
    expect(await engine.runs.artifacts.count({ flowRunIds: [outcome.id] })).toBe(100);
  });

  it('go with their run', async () => {
    const run = await engine.run('reports', { rows: 1 });
    await run.result();
    await postgres.query('DELETE FROM champion.flow_runs WHERE id = $1', [run.id]);
    expect(await engine.runs.artifacts.count({ flowRunIds: [run.id] })).toBe(0);
  });
});

describe('a run beside those before it', () => {
  it('has the time of each part of the completed ones, the latest first', async () => {
    const ids: string[] = [];
    for (const rows of [1, 2, 3]) {
      const run = await engine.run('reports', { rows });
      await run.result();
      ids.push(run.id);
    }
    await postgres.query(`UPDATE champion.flow_runs SET state_name = 'NoSession' WHERE id = $1`, [ids[1]]);
    const found = await engine.runs.comparison(ids[2] ?? '', 1);
    expect(found?.run).toMatchObject({
      id: ids[2],
      flowName: 'reports',
      parts: [{ kind: 'task', name: 'report', seconds: expect.any(Number) }],
    });
    expect(found?.before.map(({ id }) => id)).toEqual([ids[0]]);
    expect(await engine.runs.comparison('00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });
});
