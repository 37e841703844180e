import { loadServerSide } from '@champion/contract';
import type { RunState } from '@champion/engine';
import { logFilter } from '../filters/logs.ts';
import type { Plane } from '../parts.ts';
import { wireLog } from '../wire/log.ts';
import { prefectEvent } from '../wire/prefect-event.ts';
import { EventFilter, fits, flowRunsNamed } from './event-filter.ts';
import type { LiveFeed } from './feed.ts';

/** Runs whose past one socket is told. */
const MOST_RUNS = 20;
const LINES_PER_READ = 1_000;
/** What was told from the records comes once more when it happens at the same time. */
const MOST_TOLD = 10_000;

/** What is sent to a socket once it has said what it wants, until `closing` aborts. */
export type Source = (wanted: unknown, closing: AbortSignal) => AsyncIterable<unknown>;

/** /api/events/out: changes of runs' states; of runs that the filter names, those of the past come first. */
export function eventSource(plane: Plane, feed: LiveFeed): Source {
  return async function* (wanted, closing) {
    const filter = EventFilter.parse(wanted ?? {});
    const named = flowRunsNamed(filter).slice(0, MOST_RUNS);
    const only = named.length === 1 && named[0] !== undefined ? { flowRunId: named[0] } : {};
    const listener = await feed.listen(only);
    closing.addEventListener('abort', () => listener.close(), { once: true });
    try {
      const told = new Set<string>();
      const message = (happening: Parameters<typeof prefectEvent>[0]) => {
        const event = prefectEvent(happening);
        if (told.has(event.id) || !fits(event, filter)) return undefined;
        if (told.size < MOST_TOLD) told.add(event.id);
        return { type: 'event', event };
      };
      for (const id of named.filter(isId)) {
        for (const happening of await past(plane, id)) {
          const sent = message(happening);
          if (sent !== undefined) yield sent;
        }
      }
      for (;;) {
        const taken = await listener.take();
        if (typeof taken === 'string') return;
        if (taken.item.kind === 'log') continue;
        const sent = message(taken.item);
        if (sent !== undefined) yield sent;
      }
    } finally {
      listener.close();
    }
  };
}

/** /api/logs/out: lines of logs; of runs that the filter names, those that are there already come first. */
export function logSource(plane: Plane, feed: LiveFeed): Source {
  return async function* (wanted, closing) {
    const { parseRequest, routes } = await loadServerSide();
    const request = { params: {}, query: new URLSearchParams(), body: { logs: wanted ?? null } };
    const { body } = parseRequest(routes.filterLogs, request) as { body: { logs: Parameters<typeof logFilter>[0] } };
    const filter = logFilter(body.logs);
    const { flowRunIds, taskRunIds, minimumLevel = 0, text, at } = filter;
    const only = flowRunIds?.length === 1 && flowRunIds[0] !== undefined ? { flowRunId: flowRunIds[0] } : {};
    const listener = await feed.listen(only);
    closing.addEventListener('abort', () => listener.close(), { once: true });
    try {
      const last = new Map<string, number>();
      if (flowRunIds !== undefined || taskRunIds !== undefined) {
        for (let after: number | undefined = 0; after !== undefined; ) {
          const page = await plane.runs.logLines.list(filter, { after, limit: LINES_PER_READ });
          for (const line of page.lines) {
            last.set(line.flowRunId, line.id);
            yield { type: 'log', log: wireLog(line) };
          }
          after = page.next;
        }
      }
      for (;;) {
        const taken = await listener.take();
        if (typeof taken === 'string') return;
        if (taken.item.kind !== 'log') continue;
        const { line } = taken.item;
        const isWanted =
          line.id > (last.get(line.flowRunId) ?? 0) &&
          flowRunIds?.includes(line.flowRunId) !== false &&
          (taskRunIds === undefined || (line.taskRunId !== null && taskRunIds.includes(line.taskRunId))) &&
          line.levelNumber >= minimumLevel &&
          (text === undefined || line.message.toLowerCase().includes(text.toLowerCase())) &&
          !(at?.from !== undefined && line.at < at.from) &&
          !(at?.to !== undefined && line.at > at.to);
        if (isWanted) yield { type: 'log', log: wireLog(line) };
      }
    } finally {
      listener.close();
    }
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function isId(text: string): boolean {
  return UUID.test(text);
}

/** The states that a run went through, as the events that they were. */
async function past(plane: Plane, id: string) {
  const [run, states] = await Promise.all([plane.runs.flowRuns.find(id), plane.runs.states.ofFlowRun(id)]);
  if (run === undefined) return [];
  const { flowName, name } = run;
  return states.map((state: RunState) => ({
    kind: 'flow_run' as const,
    run,
    event: {
      type: 'flow_run' as const,
      flowRunId: id,
      flowName,
      name,
      at: state.at,
      state: { type: state.type, name: state.name, ...(state.message === null ? {} : { message: state.message }) },
    },
  }));
}
