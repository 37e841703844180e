import type { EventType, RunEvent, StreamItem } from '@champion/contract';
import { type FlowRunSummary, isTerminal } from '@champion/engine';
import { findFlowRun } from '../handlers/find.ts';
import type { Plane } from '../parts.ts';
import { wireRunEvent } from '../wire/event.ts';
import { closing } from './closing.ts';
import type { Happening, LiveFeed } from './feed.ts';
import type { Listener } from './listener.ts';

/** How often a run that is listened to is looked up, should the message of its end be lost. */
const LOOK_AGAIN_MS = 5_000;
const LINES_PER_READ = 1_000;

interface Asked {
  readonly types: readonly EventType[] | undefined;
  /** Id of the last log line that the client has: those after it come first. */
  readonly lastLine: number | undefined;
  readonly signal: AbortSignal;
}

/** Everything that happens, of all runs. It ends when the client goes. */
export async function streamAll(
  plane: Plane,
  feed: LiveFeed,
  asked: Asked,
): Promise<AsyncIterable<StreamItem<RunEvent>>> {
  const listener = await feed.listen();
  return closing(listener, asked.signal, all(plane, listener, asked));
}

/**
 * What happens in one run, beginning with the state that it is in; it ends when the run has, after its last log line.
 * @throws ChampionError NOT_FOUND
 */
export async function streamRun(
  plane: Plane,
  feed: LiveFeed,
  flowRunId: string,
  asked: Asked,
): Promise<AsyncIterable<StreamItem<RunEvent>>> {
  const listener = await feed.listen({ flowRunId });
  try {
    const run = await findFlowRun(plane, flowRunId);
    return closing(listener, asked.signal, one(plane, listener, run, asked));
  } catch (error) {
    listener.close();
    throw error;
  }
}

async function* all(plane: Plane, listener: Listener<Happening>, asked: Asked): AsyncGenerator<StreamItem<RunEvent>> {
  let last = asked.lastLine;
  if (last !== undefined && wants(asked, 'log')) {
    // As far as one read goes: who was away for longer reads the logs of the runs that it is interested in.
    const { lines } = await plane.runs.logLines.list({}, { after: last, limit: LINES_PER_READ });
    const ids = [...new Set(lines.map(({ flowRunId }) => flowRunId))];
    const { rows } = await plane.runs.flowRuns.list({ ids }, { limit: LINES_PER_READ });
    const runs = new Map(rows.map((run) => [run.id, run]));
    for (const line of lines) {
      const run = runs.get(line.flowRunId);
      if (run !== undefined) yield itemOf({ kind: 'log', run, line });
      last = line.id;
    }
  }
  for (;;) {
    const taken = await listener.take();
    if (typeof taken === 'string') return;
    const { item } = taken;
    if (wants(asked, item.kind) && isNew(item, last)) yield itemOf(item);
  }
}

async function* one(
  plane: Plane,
  listener: Listener<Happening>,
  found: FlowRunSummary,
  asked: Asked,
): AsyncGenerator<StreamItem<RunEvent>> {
  let last = asked.lastLine ?? (await plane.runs.logLines.tail({ flowRunIds: [found.id] }, 1))[0]?.id ?? 0;
  const lines = async function* (run: FlowRunSummary): AsyncGenerator<StreamItem<RunEvent>> {
    for (;;) {
      const page = await plane.runs.logLines.list({ flowRunIds: [run.id] }, { after: last, limit: LINES_PER_READ });
      for (const line of page.lines) {
        last = line.id;
        if (wants(asked, 'log')) yield itemOf({ kind: 'log', run, line });
      }
      if (page.lines.length < LINES_PER_READ) return;
    }
  };
  const state = (run: FlowRunSummary): StreamItem<RunEvent>[] =>
    wants(asked, 'flow_run') ? [itemOf({ kind: 'flow_run', run, event: presentEvent(run) })] : [];

  // Where it stands now, so that nobody waits for what has been.
  if (!isTerminal(found.stateType)) yield* state(found);
  yield* lines(found);
  if (isTerminal(found.stateType)) return yield* state(found);
  for (;;) {
    const taken = await listener.take(LOOK_AGAIN_MS);
    if (taken === 'over') return;
    if (taken === 'nothing yet') {
      const run = await findFlowRun(plane, found.id);
      if (!isTerminal(run.stateType)) continue;
      yield* lines(run);
      return yield* state(run);
    }
    const { item } = taken;
    if (item.kind === 'log') {
      if (!isNew(item, last)) continue;
      last = item.line.id;
    }
    const over = item.kind === 'flow_run' && isTerminal(item.event.state.type);
    if (over) yield* lines(found);
    if (wants(asked, item.kind)) yield itemOf(item);
    if (over) return;
  }
}

/** The state that a run is in, as the event that it was. */
function presentEvent(run: FlowRunSummary) {
  const { id, flowName, name, stateType: type, stateName, stateMessage, stateAt: at } = run;
  const state = { type, name: stateName, ...(stateMessage === null ? {} : { message: stateMessage }) };
  return { type: 'flow_run' as const, flowRunId: id, flowName, name, state, at };
}

function wants({ types }: Asked, kind: Happening['kind']): boolean {
  return types === undefined || types.includes(kind);
}

function isNew(item: Happening, last: number | undefined): boolean {
  return item.kind !== 'log' || last === undefined || item.line.id > last;
}

/** Only lines have ids: they are what a stream is taken up again after. */
function itemOf(happening: Happening): StreamItem<RunEvent> {
  const data = wireRunEvent(happening);
  return happening.kind === 'log' ? { id: String(happening.line.id), data } : { data };
}
