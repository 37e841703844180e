import type { HandlersOf, RunMetric } from '@champion/contract';
import type { ComparedRun } from '@champion/engine';
import { runMetrics } from '@champion/flows';
import { missing } from '../handlers/find.ts';
import type { ApiParts } from '../parts.ts';
import { spreadOf, type Tolerance, verdictOn } from './spread.ts';

const RUNS = 30;

type Head = Pick<RunMetric, 'name' | 'kind' | 'unit'>;

/** The machine's own noise, and what a market does from day to day. */
const TOLERANCES: Readonly<Record<RunMetric['unit'], Tolerance>> = {
  seconds: { share: 0.1, least: 0.05 },
  rows: { share: 0.02, least: 0 },
  bytes: { share: 0.05, least: 0 },
  ratio: { share: 0, least: 0 },
  number: { share: 0.02, least: 0 },
};

const BYTES_PER_MB = 1_000_000;

export function metricHandlers({ plane }: ApiParts): Pick<HandlersOf<'artifacts'>, 'readRunMetrics'> {
  return {
    readRunMetrics: async ({ params: { id } }) => {
      const found = (await plane.runs.comparison(id, RUNS)) ?? missing('flow run', id, 'champion flow-run ls');
      const { run, before } = found;
      return {
        flow_run_id: id,
        flow_name: run.flowName,
        compared_with: before.length,
        since: before.at(-1)?.expectedStartTime.toISOString() ?? null,
        metrics: compare(run, before),
      };
    },
  };
}

/** Every number of the run beside the same of the others; those that it should have but has not come last of their kind. */
function compare(run: ComparedRun, before: readonly ComparedRun[]): RunMetric[] {
  const own = numbersOf(run);
  const others = before.map(numbersOf);
  const heads = new Map<string, Head>();
  for (const numbers of [own, ...others.slice(0, 1)]) for (const [key, { head }] of numbers) heads.set(key, head);
  const order = ['run', 'task', 'flow', 'result'];
  return [...heads]
    .sort(([, a], [, b]) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map(([key, head]) => {
      const value = own.get(key)?.value ?? null;
      const values = others.flatMap((numbers) => numbers.get(key)?.value ?? []);
      const usual = spreadOf(values, TOLERANCES[head.unit]);
      return { ...head, value, usual: usual ?? null, verdict: verdictOn(value, usual) };
    });
}

function numbersOf(run: ComparedRun): Map<string, { readonly head: Head; readonly value: number }> {
  const numbers = new Map<string, { head: Head; value: number }>();
  const add = (head: Head, value: number) => numbers.set(`${head.kind} ${head.name}`, { head, value });
  if (run.startTime !== null && run.endTime !== null) {
    add({ name: 'duration', kind: 'run', unit: 'seconds' }, (run.endTime.getTime() - run.startTime.getTime()) / 1_000);
  }
  for (const { kind, name, seconds } of run.parts) add({ name, kind, unit: 'seconds' }, seconds);
  // Without its tasks and times, only what the result counts is left.
  const counted = runMetrics({ startTime: null, endTime: null, result: run.result }, []);
  for (const [name, value] of Object.entries(counted)) {
    if (name === 'file_size_mb') add({ name: 'file_size', kind: 'result', unit: 'bytes' }, value * BYTES_PER_MB);
    else add({ name, kind: 'result', unit: unitOf(name) }, value);
  }
  return numbers;
}

function unitOf(name: string): RunMetric['unit'] {
  if (/(^|_)rows(_|$)|_count$/.test(name)) return 'rows';
  return /_rate$/.test(name) ? 'ratio' : 'number';
}
