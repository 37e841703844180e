import type { RunEvent } from '@champion/contract';
import { useEffect } from 'react';
import { api } from './api.ts';
import { onConnection } from './connection.ts';
import { queryClient } from './query-client.ts';

// The one stream of a page. It carries what happens to all runs, or, while a page looks at one run, everything of that
// run, its log lines included. A tab that nobody sees has none: browsers allow a server only six connections.

type Listener = (event: RunEvent) => void;

const listeners = new Set<Listener>();
let focus: string | undefined;
let current: AbortController | undefined;
let begun = false;

/** The longest that a change waits to be seen, and the least time between two requests for the same. */
const FLUSH_MS = 700;
const RETRY_MS = 3000;

const dirty = new Map<string, readonly unknown[]>();
let flushing = false;

function markDirty(key: readonly unknown[]) {
  dirty.set(JSON.stringify(key), key);
  if (flushing) return;
  flushing = true;
  setTimeout(() => {
    flushing = false;
    const keys = [...dirty.values()];
    dirty.clear();
    for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey });
  }, FLUSH_MS);
}

/** Query keys are built so that one event touches few of them: see the factories in features/flow-runs/queries.ts. */
function receive(event: RunEvent) {
  if (event.type === 'flow_run') {
    for (const list of ['count', 'page', 'bars', 'search', 'failures', 'upcoming', 'running'])
      markDirty(['flow-runs', list]);
    // Home has a strip per flow: only the one that changed is asked for again.
    markDirty(['flow-runs', 'recent', event.flow_name]);
    markDirty(['flow-run', event.flow_run_id]);
  } else if (event.type === 'task_run') {
    markDirty(['flow-run', event.flow_run_id, 'tasks']);
    markDirty(['flow-run', event.flow_run_id, 'graph']);
  }
  for (const listener of listeners) listener(event);
}

async function listen() {
  for (;;) {
    await seen();
    const controller = new AbortController();
    current = controller;
    const watched = focus;
    try {
      const query = watched === undefined ? { types: ['flow_run' as const] } : { flow_run_id: watched };
      for await (const event of api().streamEvents({ query, signal: controller.signal })) receive(event);
      // The watched run has ended: what happens to the others is of interest again.
      if (!controller.signal.aborted && focus === watched) {
        markDirty(['flow-run', watched]);
        focus = undefined;
      }
    } catch {
      // The connection notice says so; requests and the next try tell when it is over.
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function seen(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      // What happened meanwhile was not heard.
      void queryClient.invalidateQueries();
      resolve();
    };
    document.addEventListener('visibilitychange', look);
  });
}

/** Begins to listen; once, by the app's root. */
export function startLive(): void {
  if (begun) return;
  begun = true;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) current?.abort();
  });
  onConnection((state, before) => {
    if (state === 'up' && before === 'locked') current?.abort();
  });
  void listen();
}

/** While a component is there, the stream tells everything of this run; `undefined` once it is over. */
export function useLiveRun(flowRunId: string | undefined): void {
  useEffect(() => {
    if (flowRunId === undefined) return;
    focus = flowRunId;
    current?.abort();
    return () => {
      if (focus !== flowRunId) return;
      focus = undefined;
      current?.abort();
    };
  }, [flowRunId]);
}

/** Hears every event. `listener` should be stable. */
export function useLiveEvents(listener: Listener): void {
  useEffect(() => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listener]);
}
