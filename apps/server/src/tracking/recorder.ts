import { type FlowRunRow, isTerminal, type RunReader, type TerminalStateType } from '@champion/engine';
import { runMetrics } from '@champion/flows';
import type { TrackingStore } from '@champion/tracking';

/** Runs are looked for from a little before the last look: a run's record may come later than its end. */
const OVERLAP_MS = 60_000;
/** How far back the first look goes, for runs that ended while nobody recorded. */
const FIRST_LOOK_MS = 24 * 3_600_000;
const PAGE = 200;
const REMEMBERED = 20_000;

const STATUS: Readonly<Record<TerminalStateType, 'FINISHED' | 'FAILED' | 'KILLED'>> = {
  COMPLETED: 'FINISHED',
  FAILED: 'FAILED',
  CRASHED: 'FAILED',
  CANCELLED: 'KILLED',
};

/**
 * Makes of every flow run that has ended a tracking run of the same id: its flow is the experiment. It goes by the records,
 * so runs of all workers are there, and none that ended while the tracking was away is missed.
 */
export class Recorder {
  readonly #runs: RunReader;
  readonly #tracking: TrackingStore;
  readonly #recorded = new Set<string>();
  #since: Date | undefined;

  constructor(runs: RunReader, tracking: TrackingStore) {
    this.#runs = runs;
    this.#tracking = tracking;
  }

  /** Records what ended since the last call. @returns how many */
  async catchUp(now: Date): Promise<number> {
    const since = this.#since ?? new Date(now.getTime() - FIRST_LOOK_MS);
    let recorded = 0;
    let after: string | undefined;
    do {
      const page = await this.#runs.flowRuns.list(
        { end: { from: since } },
        { sort: 'endTimeDesc', limit: PAGE, ...(after === undefined ? {} : { after }) },
      );
      for (const { id } of page.rows) {
        if (this.#recorded.has(id)) continue;
        await this.#record(id);
        recorded++;
      }
      after = page.next;
    } while (after !== undefined);
    this.#since = new Date(now.getTime() - OVERLAP_MS);
    return recorded;
  }

  async #record(id: string): Promise<void> {
    const run = await this.#runs.flowRuns.find(id);
    if (run === undefined || !isTerminal(run.stateType)) return;
    const tasks = (await this.#runs.get(id))?.taskRuns ?? [];
    await this.#tracking.recordRun({
      experiment: run.flowName,
      runId: run.id.replaceAll('-', ''),
      runName: run.name,
      status: STATUS[run.stateType],
      startTime: (run.startTime ?? run.createdAt).getTime(),
      endTime: (run.endTime ?? run.stateAt).getTime(),
      params: paramsOf(run),
      metrics: runMetrics(run, tasks),
      tags: tagsOf(run),
    });
    this.#remember(id);
  }

  /** The oldest are forgotten first; recording one again would only write the same. */
  #remember(id: string): void {
    this.#recorded.add(id);
    if (this.#recorded.size <= REMEMBERED) return;
    for (const oldest of this.#recorded) {
      this.#recorded.delete(oldest);
      return;
    }
  }
}

function paramsOf({ parameters }: FlowRunRow): Record<string, string> {
  const entries = Object.entries(parameters).map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(entries);
}

function tagsOf(run: FlowRunRow): Record<string, string> {
  const tags: Record<string, string | null> = {
    flow_run_id: run.id,
    state: run.stateName,
    message: run.stateMessage,
    deployment: run.deploymentName,
    worker: run.executorId,
    parent_flow_run_id: run.parentFlowRunId,
    retry_of: run.retryOf,
    'error.code': run.error?.code ?? null,
  };
  return Object.fromEntries(Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== null));
}
