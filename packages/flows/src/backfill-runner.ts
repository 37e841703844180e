import { randomUUID } from 'node:crypto';
import { type BusinessDate, ChampionError, closest, toErrorRecord } from '@champion/core';
import type { InternalLog } from '@champion/engine';
import { type BackfillRequest, backfill } from './backfill.ts';
import {
  type BackfillRecord,
  type BackfillSelection,
  backfillId,
  listBackfills,
  readBackfill,
  writeBackfill,
} from './backfill-record.ts';
import { type AtWork, BackfillWork } from './backfill-work.ts';
import type { RunsPort } from './runs-port.ts';
import type { Services } from './services.ts';
import type { Dataset } from './session.ts';

export interface BackfillRunnerOptions {
  readonly services: Services;
  readonly datasets: readonly Dataset[];
  /**
   * Where its runs are made.
   * @param backfill names the backfill; `key` is the same for as long as it goes on, restarts of the server included
   */
  readonly runs: (backfill: { readonly id: string; readonly key: string }) => RunsPort;
  /** Why no run can begin now, such as a lack of workers; undefined when nothing keeps them. */
  readonly obstacle?: () => Promise<string | undefined>;
  readonly log?: InternalLog;
}

/** What a caller asks of a server; `backfill` says what the fields mean. */
export interface NewBackfill {
  readonly dataset: Dataset;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly only: BackfillSelection;
  readonly concurrency: number;
}

/** A backfill as people see it. */
export interface BackfillView {
  readonly record: BackfillRecord;
  /** Null when it is not at work in this process. */
  readonly atWork: AtWork | null;
}

/** Longer than any id; to compare it with those there are would only cost time. */
const MOST_ID = 200;

/** A cancelled backfill's runs are told to end, which may take them a moment. */
const CANCEL_WAIT_MS = 5_000;

/** Backfills as background work of a server: one per dataset at a time, gone on with after a restart. */
export class BackfillRunner {
  readonly #options: BackfillRunnerOptions;
  readonly #log: InternalLog;
  /** By dataset. */
  readonly #active = new Map<string, BackfillWork>();
  readonly #leave = new AbortController();

  constructor(options: BackfillRunnerOptions) {
    this.#options = options;
    this.#log = options.log ?? (() => undefined);
  }

  /**
   * Begins a backfill, or goes on with what is left of one; of one that is at work, tells how it stands.
   * @returns once it knows what there is to do; `created`: nobody asked for it before
   * @throws ChampionError BUSY while the dataset has another, INVALID_INPUT for what cannot be backfilled
   */
  async start(request: NewBackfill): Promise<BackfillView & { readonly created: boolean }> {
    const id = idOf(request);
    const earlier = await readBackfill(await this.#lake(), id);
    const active = this.#active.get(request.dataset.name);
    if (active !== undefined && active.id !== id) throw busy(request.dataset, active.id);
    const work = active ?? this.#begin(request, randomUUID());
    await work.begun;
    return { ...(await this.read(id)), created: earlier === undefined };
  }

  /** Goes on with what a stopped or killed server left at work. @returns the ids of those */
  async resume(): Promise<string[]> {
    const resumed: string[] = [];
    for (const record of await listBackfills(await this.#lake())) {
      const { id, state, run_key, from, to, only, concurrency } = record;
      const dataset = this.#options.datasets.find(({ flow }) => flow.name === record.flow);
      if (state !== 'running' || run_key === undefined || !dataset || this.#active.has(dataset.name)) continue;
      // What keeps it from beginning is in its record.
      this.#begin({ dataset, from, to, only, concurrency }, run_key).begun.catch(() => undefined);
      this.#log('info', `Going on with the backfill ${id}`);
      resumed.push(id);
    }
    return resumed;
  }

  /** Those that were last at work first. */
  async list(most = 200): Promise<BackfillView[]> {
    const records = await listBackfills(await this.#lake(), most);
    const obstacle = await this.#obstacle();
    return records.map((record) => this.#view(record, obstacle));
  }

  /** @throws ChampionError NOT_FOUND */
  async read(id: string): Promise<BackfillView> {
    const record = await readBackfill(await this.#lake(), id);
    if (record === undefined) throw await this.#unknown(id);
    return this.#view(record, await this.#obstacle());
  }

  /**
   * Ends one early; what is loaded stays. One that is not at work is left as it is.
   * @throws ChampionError NOT_FOUND, BUSY when another process has it
   */
  async cancel(id: string): Promise<BackfillView> {
    const { record } = await this.read(id);
    const work = [...this.#active.values()].find((active) => active.id === id);
    if (work !== undefined) {
      await work.cancel(CANCEL_WAIT_MS);
    } else if (record.state === 'running' && record.run_key === undefined) {
      throw new ChampionError(`the backfill ${id} is not run by this server`, {
        code: 'BUSY',
        hint: 'It is at work on the command line, to be stopped there with Ctrl-C, or its process died.',
        context: { backfill: id },
      });
    } else if (record.state === 'running') {
      await this.#pause(record, 'stopped on request');
    }
    return this.read(id);
  }

  /** Leaves what is at work to the next start; its runs go on. */
  async stop(): Promise<void> {
    this.#leave.abort(new ChampionError('the server is stopping', { code: 'CANCELLED' }));
    await Promise.all([...this.#active.values()].map(({ ended }) => ended));
  }

  #begin(request: NewBackfill, key: string): BackfillWork {
    this.#leave.signal.throwIfAborted();
    const { dataset } = request;
    const id = idOf(request);
    const work = new BackfillWork(id, (hooks) => this.#run({ ...request, ...hooks, runKey: key }, id, key));
    this.#active.set(dataset.name, work);
    work.ended.finally(() => this.#active.delete(dataset.name));
    return work;
  }

  async #run(request: BackfillRequest, id: string, key: string): Promise<void> {
    const { services, runs } = this.#options;
    try {
      const report = await backfill(services, runs({ id, key }), { ...request, leave: this.#leave.signal });
      this.#log('info', `The backfill ${id} ended ${report.state}`, { gaps: report.gaps.length, ran: report.ran });
    } catch (error) {
      if (!this.#leave.signal.aborted) await this.#failed(id, key, error);
      throw error;
    }
  }

  /** What fails before its record is written is told to whoever asked for it, and to nobody else. */
  async #failed(id: string, key: string, thrown: unknown): Promise<void> {
    const record = await readBackfill(await this.#lake(), id);
    if (record?.state !== 'running' || record.run_key !== key) return;
    const error = toErrorRecord(thrown);
    this.#log('error', `The backfill ${id} stopped: ${error.message}`, { error });
    await this.#pause(record, `stopped by an error: ${error.message}`);
  }

  async #pause(record: BackfillRecord, message: string): Promise<void> {
    const now = this.#options.services.clock.now().toISOString();
    await writeBackfill(await this.#lake(), { ...record, state: 'paused', message, updated_at: now, ended_at: now });
  }

  #view(record: BackfillRecord, obstacle: string | undefined): BackfillView {
    const work = [...this.#active.values()].find(({ id }) => id === record.id);
    return { record, atWork: work === undefined ? null : work.describe(obstacle) };
  }

  /** Asked for only while it matters. */
  async #obstacle(): Promise<string | undefined> {
    return this.#active.size === 0 ? undefined : this.#options.obstacle?.();
  }

  async #unknown(id: string): Promise<ChampionError> {
    const known = (await listBackfills(await this.#lake(), 100)).map((record) => record.id);
    const meant = id.length > MOST_ID ? undefined : closest(id, known);
    return new ChampionError(`there is no backfill ${id}${meant === undefined ? '' : `; did you mean ${meant}?`}`, {
      code: 'NOT_FOUND',
      hint: 'The list of backfills has the ids.',
      context: { backfill: id },
    });
  }

  #lake() {
    return this.#options.services.lake(undefined);
  }
}

function idOf({ dataset, from, to, only }: NewBackfill): string {
  return backfillId({ flow: dataset.flow.name, from, to, only });
}

function busy({ name, title }: Dataset, id: string): ChampionError {
  return new ChampionError(`the backfill ${id} of the ${title} is at work; one dataset has one at a time`, {
    code: 'BUSY',
    hint: 'Wait for it, or cancel it and begin again: what is loaded stays.',
    context: { dataset: name, backfill: id },
  });
}
