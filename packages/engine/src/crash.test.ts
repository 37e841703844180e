import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from './engine.ts';
import { bundleForChild } from './testing/bundle.ts';
import { crashFlow, crashParent, POINTS, STEPS, stumblingFlow } from './testing/crash-flow.ts';
import { startTestPostgres, type TestPostgres } from './testing/stack.ts';

const dir = mkdtempSync(join(tmpdir(), 'champion-crash-'));
const flows = [crashFlow, crashParent, stumblingFlow];
let postgres: TestPostgres;
let engine: Engine | undefined;
let child: ChildProcess | undefined;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await engine?.stop();
  await postgres?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Runs the child until it prints `line`, then kills it as nothing else can. */
async function runAndKill(mode: string, line: string): Promise<void> {
  const script = await bundleForChild('packages/engine/src/testing/crash-child.ts');
  child = spawn(process.execPath, [script, postgres.url, dir, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => child?.once('exit', resolve));
  if (child.stdout === null) throw new Error('no output');
  for await (const printed of createInterface(child.stdout)) if (printed === line) child.kill('SIGKILL');
  await gone;
}

async function detail(id: string) {
  const run = await engine?.runs.get(id);
  if (run === undefined) throw new Error(`no run ${id}`);
  return run;
}

const notes = (label: string) => readFileSync(join(dir, label), 'utf8').trim().split('\n');
const labelOf = (run: { parameters: Readonly<Record<string, unknown>> }) => String(run.parameters.label);

describe('after kill -9', () => {
  it('every run goes on where it was, at whichever point', async () => {
    await runAndKill('points', 'ready');
    engine = await Engine.start({ databaseUrl: postgres.url, executorId: 'mortal', flows });
    // The points, the parent and its two children, and the one that stumbled.
    expect(engine.recovered).toHaveLength(POINTS.length + 4);
    const outcomes = await Promise.all(engine.recovered.map((handle) => handle.result()));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ state: 'COMPLETED' });

    const runs = await engine.runs.list({ flowName: 'crash-flow' });
    const byLabel = new Map(runs.map((run) => [labelOf(run), run]));
    for (const point of POINTS) {
      const run = await detail(byLabel.get(point)?.id ?? '');
      expect(run).toMatchObject({ result: 15, runCount: 2, stateType: 'COMPLETED' });
      expect(run.states.filter((state) => state.kind === 'flow').map((state) => state.name)).toEqual([
        'Pending',
        'Running',
        'Running',
        'Completed',
      ]);
      const cut = point.startsWith('mid-') ? Number(point.slice(4)) : undefined;
      expect(notes(point)).toEqual(
        STEPS.flatMap((step) =>
          step === cut ? [`${step} start 1`, `${step} start 2`, `${step} end 2`] : [`${step} start 1`, `${step} end 1`],
        ),
      );
      expect(run.taskRuns.map((taskRun) => taskRun.dynamicKey)).toEqual(STEPS.map((step) => `step_${step}-0`));
      for (const [index, taskRun] of run.taskRuns.entries()) {
        expect(taskRun.stateType).toBe('COMPLETED');
        expect(taskRun.attempts.map(({ attempt, stateType }) => [attempt, stateType])).toEqual(
          index + 1 === cut
            ? [
                [1, 'CRASHED'],
                [2, 'COMPLETED'],
              ]
            : [[1, 'COMPLETED']],
        );
        const previous = run.taskRuns[index - 1];
        expect(taskRun.parents).toEqual(previous === undefined ? [] : [previous.id]);
      }
    }
    expect(notes('parent-a').filter((note) => note.includes('start'))).toHaveLength(6);
    const parents = await engine.runs.list({ flowName: 'crash-parent' });
    expect(parents).toMatchObject([{ result: [15, 15] }]);
    expect(byLabel.get('parent-b')?.parentFlowRunId).toBe(parents[0]?.id);

    const [stumbled] = await engine.runs.list({ flowName: 'stumbling-flow' });
    const [taskRun] = (await detail(stumbled?.id ?? '')).taskRuns;
    expect(taskRun?.attempts.map((attempt) => attempt.stateType)).toEqual(['FAILED', 'CRASHED', 'COMPLETED']);
    await engine.stop();
  });

  it('at any moment, no finished task runs again', async () => {
    await runAndKill('endless', '17');
    const finished = await postgres.query<{ label: string; name: string }>(
      `SELECT r.parameters ->> 'label' AS label, t.name FROM champion.task_runs t
       JOIN champion.flow_runs r ON r.id = t.flow_run_id
       WHERE t.state_type = 'COMPLETED' AND r.parameters ->> 'label' LIKE 'endless-%'`,
    );
    engine = await Engine.start({ databaseUrl: postgres.url, executorId: 'mortal', flows });
    await Promise.all(engine.recovered.map((handle) => handle.result()));
    const runs = (await engine.runs.list({ flowName: 'crash-flow' })).filter((run) =>
      labelOf(run).startsWith('endless-'),
    );
    expect(runs.length).toBeGreaterThanOrEqual(4);
    for (const run of runs) expect(run).toMatchObject({ stateType: 'COMPLETED', result: 15 });
    for (const { label, name } of finished) {
      const starts = notes(label).filter((note) => note.startsWith(`${name.at(-1)} start`));
      expect([label, name, starts.length]).toEqual([label, name, 1]);
    }
  });
});
