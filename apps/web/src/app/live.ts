import type { LiveEvent, SystemHistory } from '@champion/contract';
import { useEffect } from 'react';
import { isOver } from '../lib/states.ts';
import { api } from './api.ts';
import { connection, onConnection } from './connection.ts';
import { queryClient } from './query-client.ts';

// The one stream of a page. It carries the states of all runs, everything of those that the page follows, and how the
// platform is; no part of a page asks again and again for itself. A tab that nobody sees has none: browsers allow a server
// only six connections.

export type { LiveEvent };

type Listener = (event: LiveEvent) => void;

const listeners = new Set<Listener>();
const reopened = new Set<() => void>();
/** Runs that are followed, and by how many. */
const followed = new Map<string, number>();
let current: AbortController | undefined;
let begun = false;

/** The longest that a change waits to be seen, and the least time between two requests for the same. */
const FLUSH_MS = 700;
const RETRY_MS = 2000;
/** Without the right key there is no stream: it is tried again when there is one, or after this. */
const LOCKED_MS = 30_000;
/** Those that a chart shows, and a few more. */
const MOST_SAMPLES = 1000;

const dirty = new Map<string, readonly unknown[]>();
let flushing = false;

/** Asks again, soon, for what is shown of this key. */
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

const RUN_LISTS = ['count', 'page', 'bars', 'search', 'failures', 'upcoming', 'running', 'next'] as const;
/** What runs change when they end. */
const MADE_BY_RUNS = ['datasets', 'lineage', 'backfills', 'market'] as const;

/** Query keys are built so that one event touches few of them: see the factories in features/flow-runs/queries.ts. */
function receive(event: LiveEvent) {
  if (event.type === 'flow_run') {
    for (const list of RUN_LISTS) markDirty(['flow-runs', list]);
    // Home has a strip per flow: only the one that changed is asked for again.
    markDirty(['flow-runs', 'recent', event.flow_name]);
    markDirty(['flow-run', event.flow_run_id]);
    if (event.parent_flow_run_id != null) markDirty(['flow-run', event.parent_flow_run_id, 'children']);
    if (isOver(event.state.type)) for (const made of MADE_BY_RUNS) markDirty([made]);
  } else if (event.type === 'task_run') {
    markDirty(['flow-run', event.flow_run_id, 'tasks']);
    markDirty(['flow-run', event.flow_run_id, 'graph']);
  } else if (event.type === 'platform') receivePlatform(event);
  for (const listener of listeners) listener(event);
}

/** What is told whole need not be asked for. */
function receivePlatform(event: Extract<LiveEvent, { type: 'platform' }>) {
  const { workers, work_queues, work_pools, deliveries_changed, sample } = event;
  if (workers !== undefined) replace(['workers'], workers);
  if (work_queues !== undefined) replace(['work-queues'], work_queues);
  if (work_pools !== undefined) replace(['work-pools'], work_pools);
  if (deliveries_changed) markDirty(['notifications', 'deliveries']);
  if (sample !== undefined) {
    queryClient.setQueryData<SystemHistory>(['system', 'history'], (history) =>
      history === undefined || history.samples.at(-1)?.at === sample.at
        ? history
        : { ...history, samples: [...history.samples, sample].slice(-MOST_SAMPLES) },
    );
  }
}

function replace(queryKey: readonly unknown[], data: unknown) {
  if (queryClient.getQueryData(queryKey) !== undefined) queryClient.setQueryData(queryKey, data);
}

async function listen() {
  for (let first = true; ; first = false) {
    await seen();
    const controller = new AbortController();
    current = controller;
    const follow = [...followed.keys()];
    let isOpen = false;
    const query = follow.length === 0 ? {} : { follow };
    try {
      for await (const event of api().streamLive({ query, signal: controller.signal })) {
        if (!isOpen) {
          isOpen = true;
          catchUp(first, follow);
        }
        receive(event);
      }
      // A server that stops ends its streams; so does one whose client was too slow.
      if (!controller.signal.aborted) await rest(RETRY_MS);
    } catch {
      // The connection notice says so; requests and the next try tell when it is over.
      if (!controller.signal.aborted) await rest(connection() === 'locked' ? LOCKED_MS : RETRY_MS);
    }
  }
}

/** A stream tells nothing of the time before it: what was read then may be old. */
function catchUp(first: boolean, follow: readonly string[]) {
  for (const id of follow) markDirty(['flow-run', id]);
  if (first) return;
  markDirty(['flow-runs']);
  markDirty(['flow-run']);
  for (const again of reopened) again();
}

/** Waits; no longer once the server is there again. */
function rest(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      leave();
      resolve();
    };
    const timer = setTimeout(go, ms);
    const leave = onConnection((state) => {
      if (state === 'up') go();
    });
  });
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
  void listen();
}

/** While a component is there, the stream tells everything of these runs, and not only their states. */
export function useLiveRuns(ids: readonly string[]): void {
  const wanted = ids.join();
  useEffect(() => {
    const own = wanted === '' ? [] : wanted.split(',');
    const before = followed.size;
    for (const id of own) followed.set(id, (followed.get(id) ?? 0) + 1);
    if (followed.size > before) current?.abort();
    // What is no longer followed is left out when the stream is opened next: to be told too much does no harm.
    return () => {
      for (const id of own) {
        const others = (followed.get(id) ?? 1) - 1;
        if (others === 0) followed.delete(id);
        else followed.set(id, others);
      }
    };
  }, [wanted]);
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

/** Is told when the stream was away for a while, for what queries do not hold. `again` should be stable. */
export function useReopened(again: () => void): void {
  useEffect(() => {
    reopened.add(again);
    return () => {
      reopened.delete(again);
    };
  }, [again]);
}
