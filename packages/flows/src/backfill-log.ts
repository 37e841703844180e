import type { Lake } from '@champion/lake';
import type { Ended } from './backfill-drive.ts';
import { type BackfillRecord, backfillId, readBackfill, writeBackfill } from './backfill-record.ts';

export interface BackfillProgress {
  /** Sessions it set out to run, those of an earlier process that it goes on from included. */
  readonly total: number;
  /** Of those, how many have been run. */
  readonly done: number;
  /** How many of them in this process. */
  readonly ran: number;
  readonly failed: number;
  /** The session that has just ended. */
  readonly last?: Ended;
}

type Asked = Pick<BackfillRecord, 'flow' | 'from' | 'to' | 'only' | 'concurrency'> & {
  readonly runKey?: string | undefined;
};

/** A longer list helps nobody in a record; all failures are in the runs and in the manifest. */
const MOST_FAILURES = 1_000;

/** Keeps the record while the work goes on. */
export class BackfillLog {
  readonly id: string;
  /** What an interrupted process left of the same backfill. */
  readonly unfinished: BackfillRecord | undefined;
  readonly #lake: Lake;
  readonly #request: Asked;
  readonly #now: () => string;
  readonly #failures: BackfillRecord['failures'] = [];
  #total = 0;
  #ran = 0;
  #selected = 0;
  #startedAt = '';
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    lake: Lake,
    id: string,
    unfinished: BackfillRecord | undefined,
    request: Asked,
    now: () => string,
  ) {
    this.id = id;
    this.unfinished = unfinished;
    this.#lake = lake;
    this.#request = request;
    this.#now = now;
  }

  static async open(lake: Lake, request: Asked, now: () => string): Promise<BackfillLog> {
    const id = backfillId(request);
    const earlier = await readBackfill(lake, id);
    const unfinished = earlier?.state === 'running' || earlier?.state === 'paused' ? earlier : undefined;
    return new BackfillLog(lake, id, unfinished, request, now);
  }

  async begin(selected: number): Promise<void> {
    this.#selected = selected;
    this.#total = Math.max(this.unfinished?.sessions ?? 0, selected);
    this.#startedAt = this.unfinished?.started_at ?? this.#now();
    await this.#write({ state: 'running' });
  }

  async ended({ trade_date, outcome }: Ended): Promise<void> {
    this.#ran++;
    if (outcome.state !== 'COMPLETED') {
      this.#failures.push({
        trade_date,
        code: outcome.error?.code ?? outcome.state,
        message: outcome.error?.message ?? outcome.message ?? '',
        flow_run_id: outcome.id,
      });
    }
    await this.#write({ state: 'running' });
  }

  async end(state: BackfillRecord['state'], message: string | undefined): Promise<void> {
    await this.#write({ state, ended_at: this.#now(), ...(message === undefined ? {} : { message }) });
  }

  progress(last?: Ended): BackfillProgress {
    return {
      total: this.#total,
      done: this.#total - this.#selected + this.#ran,
      ran: this.#ran,
      failed: this.#failures.length,
      ...(last === undefined ? {} : { last }),
    };
  }

  /** One after the other, so that the last state written is the last there was. */
  #write(state: Pick<BackfillRecord, 'state' | 'message' | 'ended_at'>): Promise<void> {
    const { flow, from, to, only, concurrency, runKey } = this.#request;
    const record: BackfillRecord = {
      id: this.id,
      flow,
      from,
      to,
      only,
      concurrency,
      ...(runKey === undefined ? {} : { run_key: runKey }),
      sessions: this.#total,
      done: this.progress().done,
      attempts: (this.unfinished?.attempts ?? 0) + 1,
      failures: this.#failures.slice(0, MOST_FAILURES),
      started_at: this.#startedAt,
      updated_at: this.#now(),
      ...state,
    };
    this.#writing = this.#writing.then(() => writeBackfill(this.#lake, record));
    return this.#writing;
  }
}
