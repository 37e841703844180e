import { ChampionError } from '@champion/core';
import { type EngineEvents, type FlowRunOutcome, type FlowRunRow, isTerminal } from '@champion/engine';
import type { RunsPort } from './runs-port.ts';

/** What of a control plane is needed to have flows run by its workers. */
export interface RunsPlane {
  readonly control: {
    create(request: {
      readonly flowName: string;
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly idempotencyKey: string;
      readonly tags: readonly string[];
      readonly createdBy: string;
    }): Promise<{ readonly id: string }>;
    cancel(id: string, reason?: string): Promise<boolean>;
  };
  readonly runs: { find(id: string): Promise<FlowRunRow | undefined> };
  readonly events: Pick<EngineEvents, 'subscribe'>;
}

export interface ControlPlaneRunsOptions {
  /** Tells a run from all others of its flow: asked for twice, it is one run. */
  readonly keyOf: (parameters: Readonly<Record<string, unknown>>) => string;
  readonly tags: readonly string[];
  readonly createdBy: string;
}

/** Ends are told of as they come; the records are looked at this often for those of which word got lost. */
const LOOK_MS = 5_000;

/** Has runs begun by whichever worker has room, and learns of their ends from the records. */
export function controlPlaneRuns(plane: RunsPlane, { keyOf, tags, createdBy }: ControlPlaneRunsOptions): RunsPort {
  return {
    run: async (flowName, parameters) => {
      const request = { flowName, parameters, idempotencyKey: keyOf(parameters), tags, createdBy };
      const { id } = await plane.control.create(request);
      return { id, result: (signal) => outcomeOf(plane, id, signal) };
    },
    cancel: (id, reason) => plane.control.cancel(id, reason),
  };
}

async function outcomeOf(plane: RunsPlane, id: string, signal: AbortSignal | undefined): Promise<FlowRunOutcome> {
  for (;;) {
    signal?.throwIfAborted();
    // Listening begins before looking, or an end in between would be heard of late.
    const word = listenForEnd(plane, id, signal);
    try {
      const row = await plane.runs.find(id);
      if (row === undefined) throw runGone(id);
      const outcome = outcomeOfRow(row);
      if (outcome !== undefined) return outcome;
      await word.heard;
    } finally {
      word.stop();
    }
  }
}

/** Settles at the run's end, at the signal, or when it is time to look again. */
function listenForEnd(plane: RunsPlane, id: string, signal: AbortSignal | undefined) {
  let stop = (): void => undefined;
  const heard = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LOOK_MS);
    const hear = (): void => resolve();
    const unsubscribe = plane.events.subscribe((event) => {
      if (event.type === 'flow_run' && event.flowRunId === id && isTerminal(event.state.type)) resolve();
    });
    signal?.addEventListener('abort', hear, { once: true });
    stop = () => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener('abort', hear);
    };
  });
  return { heard, stop };
}

function outcomeOfRow(row: FlowRunRow): FlowRunOutcome | undefined {
  const { id, stateType, stateName, stateMessage, result, error, createdAt } = row;
  if (!isTerminal(stateType)) return undefined;
  const end = row.endTime ?? createdAt;
  return {
    id,
    state: stateType,
    stateName,
    ...(stateMessage === null ? {} : { message: stateMessage }),
    ...(stateType === 'COMPLETED' ? { result } : {}),
    ...(error === null ? {} : { error }),
    durationMs: end.getTime() - (row.startTime ?? createdAt).getTime(),
  };
}

function runGone(id: string): ChampionError {
  return new ChampionError(`the run ${id} is no longer in the records`, {
    code: 'NOT_FOUND',
    hint: 'It was deleted while somebody waited for it; what it loaded is there.',
    context: { run: id },
  });
}
