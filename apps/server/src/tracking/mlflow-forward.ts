import { ChampionError } from '@champion/core';
import type { Follower, RunReader } from '@champion/engine';
import { z } from 'zod';
import { ask, refusedBy, type Service } from '../forwarding/ask.ts';
import { FLOW_RUN_TAG, type TrackedRun, trackedRun } from './tracked-run.ts';

/** So many of each make a batch that every version of MLflow takes: at most 100 parameters, 100 tags, 1000 in all. */
const PER_BATCH = { metrics: 500, params: 50, tags: 50 };
const VALUE_CHARS = 5_000;

const Refusal = z.object({ error_code: z.string().optional(), message: z.string().optional() });
const Created = z.object({ experiment_id: z.string() });
const Found = z.object({ experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }) });
const Run = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) });
const Runs = z.object({
  runs: z.array(z.object({ info: z.object({ run_id: z.string(), status: z.string() }) })).default([]),
});

/** Writes each flow run that has ended to another MLflow server, by its REST API. */
export function mlflowForward(runs: RunReader, service: Service): Follower {
  return {
    name: 'mlflow',
    types: ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'],
    tell: async ({ flowRunId }, signal) => {
      const run = await trackedRun(runs, flowRunId);
      if (run !== undefined) await new Forwarding(service, signal).write(run);
    },
  };
}

/** One run on its way. A run is found by its tag, so one that was broken off is gone on with, and none is there twice. */
class Forwarding {
  readonly #service: Service;
  readonly #signal: AbortSignal;

  constructor(service: Service, signal: AbortSignal) {
    this.#service = service;
    this.#signal = signal;
  }

  async write(run: TrackedRun): Promise<void> {
    const experimentId = await this.#experiment(run.experiment);
    const before = await this.#find(experimentId, run.flowRunId);
    // Its end is what is written last.
    if (before !== undefined && before.status !== 'RUNNING') return;
    const run_id = before?.run_id ?? (await this.#create(experimentId, run));
    const refusal = await this.#log(run_id, run);
    await this.#post('/runs/update', { run_id, status: run.status, end_time: run.endTime });
    if (refusal !== undefined) throw refusal;
  }

  /** @returns why the server will never take it: the run has ended all the same, and must not seem to run there */
  async #log(run_id: string, run: TrackedRun): Promise<ChampionError | undefined> {
    for (const batch of batchesOf(run)) {
      const sent = await this.#send('POST', '/runs/log-batch', { run_id, ...batch });
      if (sent.ok) continue;
      if (sent.error.retry === 'never') return sent.error;
      throw sent.error;
    }
    return undefined;
  }

  /** By name, made when there is none. */
  async #experiment(name: string): Promise<string> {
    const found = await this.#byName(name);
    if (found !== undefined) return found;
    const made = await this.#send('POST', '/experiments/create', { name });
    if (made.ok) return Created.parse(made.body).experiment_id;
    // Somebody else was quicker.
    const other = made.code === 'RESOURCE_ALREADY_EXISTS' ? await this.#byName(name) : undefined;
    if (other !== undefined) return other;
    throw made.error;
  }

  async #byName(name: string): Promise<string | undefined> {
    const asked = await this.#send('GET', `/experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`);
    if (!asked.ok) {
      if (asked.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
      throw asked.error;
    }
    const { experiment } = Found.parse(asked.body);
    if (experiment.lifecycle_stage !== 'deleted') return experiment.experiment_id;
    throw new ChampionError(`The experiment ${name} is deleted at ${this.#service.url}`, {
      code: 'BUSY',
      retry: 'backoff',
      hint: 'Restore it there, or delete it for good.',
      context: { experiment: name },
    });
  }

  async #find(experimentId: string, flowRunId: string): Promise<{ run_id: string; status: string } | undefined> {
    const body = await this.#post('/runs/search', {
      experiment_ids: [experimentId],
      filter: `tags.${FLOW_RUN_TAG} = '${flowRunId}'`,
      run_view_type: 'ALL',
      max_results: 1,
    });
    return Runs.parse(body).runs[0]?.info;
  }

  async #create(experiment_id: string, { flowRunId, runName, startTime }: TrackedRun): Promise<string> {
    const tags = [{ key: FLOW_RUN_TAG, value: flowRunId }];
    const body = { experiment_id, run_name: runName, start_time: startTime, user_id: 'champion', tags };
    return Run.parse(await this.#post('/runs/create', body)).run.info.run_id;
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const answer = await this.#send('POST', path, body);
    if (answer.ok) return answer.body;
    throw answer.error;
  }

  async #send(method: 'GET' | 'POST', endpoint: string, body?: unknown): Promise<Sent> {
    const path = `/api/2.0/mlflow${endpoint}`;
    const answer = await ask(this.#service, { method, path, body, signal: this.#signal });
    const said = parsed(answer.text);
    if (answer.status === 200 && said !== undefined) return { ok: true, body: said };
    return {
      ok: false,
      code: Refusal.safeParse(said).data?.error_code,
      // A page of something else that answers 200 is no MLflow, for now.
      error: refusedBy(this.#service, path, answer),
    };
  }
}

type Sent =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly code: string | undefined; readonly error: ChampionError };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One batch, unless there is more of something than a batch may have. */
function batchesOf({ params, metrics, tags, endTime }: TrackedRun): object[] {
  const all = {
    metrics: Object.entries(metrics)
      .filter(([, value]) => Number.isFinite(value))
      .map(([key, value]) => ({ key, value, timestamp: endTime, step: 0 })),
    params: Object.entries(params).map(textOf),
    tags: Object.entries(tags).map(textOf),
  };
  const count = Math.max(
    ...(['metrics', 'params', 'tags'] as const).map((kind) => Math.ceil(all[kind].length / PER_BATCH[kind])),
  );
  return Array.from({ length: count }, (_, i) => ({
    metrics: part(all.metrics, i, PER_BATCH.metrics),
    params: part(all.params, i, PER_BATCH.params),
    tags: part(all.tags, i, PER_BATCH.tags),
  }));
}

function textOf([key, value]: readonly [string, string]): { key: string; value: string } {
  return { key, value: value.length > VALUE_CHARS ? `${value.slice(0, VALUE_CHARS - 1)}…` : value };
}

function part<T>(list: readonly T[], index: number, size: number): T[] {
  return list.slice(index * size, (index + 1) * size);
}
