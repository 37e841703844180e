import type { FlowRunRow, FlowRunSummary, RunReader, TaskRunSummary } from '@champion/engine';

/** A run that has ended, with its tasks. */
export interface EndedRun {
  /** With result and error where it has any that matter. */
  readonly run: FlowRunRow | FlowRunSummary;
  readonly tasks: readonly TaskRunSummary[];
}

/** Runs are looked for from a little before the last look: a record may come later than the end it tells of. */
const OVERLAP_MS = 30_000;
/** More runs than end within the overlap; beyond it the time looked back over is shortened instead. */
const REMEMBERED = 50_000;
const PAGE = 1_000;
/** Runs whose tasks and results are read together. */
const TOGETHER = 200;
/** Pages of tasks read of so many runs. */
const MOST_PAGES = 50;

/**
 * Tells of each run that ends in any process, once. It goes by the records: what processes tell each other is quicker, but
 * may be lost, and a lost run would make counters wrong for good.
 */
export class EndedRuns {
  readonly #runs: Pick<RunReader, 'flowRuns' | 'taskRuns'>;
  readonly #wantsResult: (run: FlowRunSummary) => boolean;
  /** End by id, of those told of since `#since`, in the order in which they were. */
  #told = new Map<string, number>();
  #since: number;
  #looking: Promise<void> | undefined;

  /** @param since runs that ended before are not told of */
  constructor(
    runs: Pick<RunReader, 'flowRuns' | 'taskRuns'>,
    options: { readonly since: Date; readonly wantsResult: (run: FlowRunSummary) => boolean },
  ) {
    this.#runs = runs;
    this.#wantsResult = options.wantsResult;
    this.#since = options.since.getTime();
  }

  /** Tells of what ended since the last call. One who calls during a look waits for that one. */
  look(now: Date, tell: (ended: EndedRun) => void): Promise<void> {
    this.#looking ??= this.#look(now, tell).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(now: Date, tell: (ended: EndedRun) => void): Promise<void> {
    let after: string | undefined;
    do {
      const page = await this.#runs.flowRuns.list(
        { end: { from: new Date(this.#since) } },
        { sort: 'endTimeDesc', limit: PAGE, ...(after === undefined ? {} : { after }) },
      );
      const news = page.rows.filter(({ id, endTime }) => endTime !== null && !this.#told.has(id));
      for (let at = 0; at < news.length; at += TOGETHER) await this.#tell(news.slice(at, at + TOGETHER), tell);
      after = page.next;
    } while (after !== undefined);
    this.#forget(now);
  }

  async #tell(runs: readonly FlowRunSummary[], tell: (ended: EndedRun) => void): Promise<void> {
    const [tasks, results] = await Promise.all([this.#tasksOf(runs), this.#resultsOf(runs)]);
    for (const run of runs) {
      tell({ run: results.get(run.id) ?? run, tasks: tasks.get(run.id) ?? [] });
      this.#told.set(run.id, run.endTime?.getTime() ?? 0);
    }
  }

  async #tasksOf(runs: readonly FlowRunSummary[]): Promise<Map<string, TaskRunSummary[]>> {
    const flowRunIds = runs.map(({ id }) => id);
    const tasks = new Map<string, TaskRunSummary[]>(flowRunIds.map((id) => [id, []]));
    for (let page = 0; page < MOST_PAGES; page++) {
      const rows = await this.#runs.taskRuns.list({ flowRunIds }, { order: 'asc', limit: PAGE, offset: page * PAGE });
      for (const row of rows) tasks.get(row.flowRunId)?.push(row);
      if (rows.length < PAGE) break;
    }
    return tasks;
  }

  async #resultsOf(runs: readonly FlowRunSummary[]): Promise<Map<string, FlowRunRow>> {
    const ids = runs.filter(this.#wantsResult).map(({ id }) => id);
    if (ids.length === 0) return new Map();
    const { rows } = await this.#runs.flowRuns.listWithResults({ ids }, { limit: ids.length });
    return new Map(rows.map((row) => [row.id, row]));
  }

  #forget(now: Date): void {
    let since = Math.max(this.#since, now.getTime() - OVERLAP_MS);
    if (this.#told.size > REMEMBERED) {
      const ends = [...this.#told.values()].sort((a, b) => b - a);
      since = Math.max(since, (ends[REMEMBERED] ?? 0) + 1);
    }
    this.#since = since;
    this.#told = new Map([...this.#told].filter(([, end]) => end >= since));
  }
}
