import { createHash } from 'node:crypto';
import type { Engine, FlowRunFilter, PageOptions } from '@champion/engine';
import { FLOWS } from './control-plane-data.ts';

/** One thing to measure: called with 0, 1, 2, …, so that it asks for something else each time where that is natural. */
export interface Query {
  readonly name: string;
  /** What this should stay under at p95, in milliseconds; a query without is there to be known. */
  readonly reachMs?: number;
  run(turn: number): Promise<unknown>;
}

const HOUR_MS = 3_600_000;
const REACH_MS = 50;

/** The reads behind the API's lists, filters, counts and pages of a run. */
export function readQueries(runs: Engine['runs'], total: number) {
  const { flowRuns, taskRuns, logLines } = runs;
  const now = Date.now();
  const ago = (hours: number) => new Date(now - hours * HOUR_MS);
  const flow = (turn: number) => FLOWS[turn % FLOWS.length] ?? '';
  const runNumber = (turn: number) => 1 + ((turn * 7_919) % (total - 1));
  const runId = (n: number) => {
    const hex = createHash('md5').update(`run${n}`).digest('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
  const list = (
    name: string,
    filter: FlowRunFilter | ((turn: number) => FlowRunFilter),
    options: PageOptions = {},
  ) => ({
    name: `list: ${name}`,
    reachMs: REACH_MS,
    run: (turn: number) => flowRuns.list(typeof filter === 'function' ? filter(turn) : filter, options),
  });
  const reach = (name: string, run: Query['run']) => ({ name, reachMs: REACH_MS, run });
  const day = (turn: number) => new Date(now - (turn % 29) * 24 * HOUR_MS).toISOString().slice(0, 10);
  const history = (name: string, hours: number, detail: boolean, maximum = 2_000_000) => ({
    name: `history: ${name}`,
    run: () =>
      flowRuns.history({
        from: ago(hours),
        to: new Date(now),
        intervalSeconds: hours * 150,
        now: new Date(now),
        detail,
        maximum,
      }),
  });
  return [
    list('latest 200 by expected start', {}),
    list('latest 200 by start', {}, { sort: 'startTimeDesc' }),
    list('latest 200 by end', {}, { sort: 'endTimeDesc' }),
    list('by name', {}, { sort: 'nameAsc' }),
    list('by name, descending', {}, { sort: 'nameDesc' }),
    list('by id', {}, { sort: 'idDesc' }),
    list('next scheduled', {}, { sort: 'nextScheduledAsc' }),
    list('offset 10,000', {}, { offset: 10_000 }),
    reach('list: 200, and the next 200', async () => {
      const { next } = await flowRuns.list();
      return flowRuns.list({}, next === undefined ? {} : { after: next });
    }),
    list('one flow', (turn) => ({ flowNames: [flow(turn)] })),
    list('three flows', (turn) => ({ flowNames: [0, 1, 2].map((i) => flow(turn + i)) })),
    list('failed and crashed', { stateTypes: ['FAILED', 'CRASHED'] }),
    list('failed, by start', { stateTypes: ['FAILED'] }, { sort: 'startTimeDesc' }),
    list('failed, by end', { stateTypes: ['FAILED'] }, { sort: 'endTimeDesc' }),
    list('running', { stateTypes: ['RUNNING'] }),
    list('one flow, failed', (turn) => ({ flowNames: [flow(turn)], stateTypes: ['FAILED', 'CRASHED'] })),
    list('state name Late (none)', { stateNames: ['Late'] }),
    list('state name NoSession', { stateNames: ['NoSession'] }),
    list('frequent tags', { allTags: ['nse', 'daily'] }),
    list('rare tag (20 runs)', { anyTags: ['experiment'] }),
    list('unknown tag', { anyTags: ['unheard-of'] }),
    list('name contains a flow', (turn) => ({ nameContains: flow(turn).slice(0, 9).toUpperCase() })),
    // Seventeen thousand finds, of letters that every name has: what such a search costs at worst.
    { name: 'list: name contains a day', run: (turn) => flowRuns.list({ nameContains: day(turn) }) },
    list('name contains part of an id', (turn) => ({ nameContains: runId(runNumber(turn)).slice(1, 7) })),
    list('name contains what no name does', { nameContains: 'quarterly' }),
    list('exact name', (turn) => ({ names: [`${flow(turn)} ${day(turn)}`] })),
    list('no children', { hasParent: false }),
    list('children only', { hasParent: true }),
    list('children of a run', (turn) => ({ parentIds: [runId(runNumber(turn) - (runNumber(turn) % 20))] })),
    list('work queue', { workQueueNames: ['default'] }),
    list('window of a day', (turn) => ({
      expectedStart: { from: ago(24 * (1 + (turn % 28))), to: ago(24 * (turn % 28)) },
    })),
    list('started in an hour', (turn) => ({ start: { from: ago(2 + turn), to: ago(1 + turn) } }), {
      sort: 'startTimeDesc',
    }),
    list('ended in an hour, failed', (turn) => ({
      end: { from: ago(2 + turn), to: ago(1 + turn) },
      stateTypes: ['FAILED'],
    })),
    list('idempotency key', (turn) => ({ idempotencyKeys: [`key-${runNumber(turn)}`] })),
    list('200 ids', (turn) => ({ ids: Array.from({ length: 200 }, (_, i) => runId(runNumber(turn * 200 + i))) })),
    reach('count: all', () => flowRuns.count()),
    reach('count: by state', () => flowRuns.countByState()),
    reach('count: one flow by state', (turn) => flowRuns.countByState({ flowNames: [flow(turn)] })),
    reach('count: one flow, failed', (turn) => flowRuns.count({ flowNames: [flow(turn)], stateTypes: ['FAILED'] })),
    reach('count: frequent tag', () => flowRuns.count({ anyTags: ['daily'] })),
    { name: 'count: two frequent tags', run: () => flowRuns.count({ allTags: ['nse', 'daily'] }) },
    reach('count: rare tag', () => flowRuns.count({ anyTags: ['experiment'] })),
    reach('count: by state, last 24 hours', () => flowRuns.countByState({ expectedStart: { from: ago(24) } })),
    { ...history('24 hours', 24, false), reachMs: REACH_MS },
    { ...history('24 hours, in detail', 24, true), reachMs: REACH_MS },
    history('7 days', 168, false),
    history('30 days', 720, false),
    history('30 days, latest 100,000 runs', 720, false, 100_000),
    reach('latest 30 runs of each flow', () => flowRuns.latestOfFlows(FLOWS)),
    reach('latest 30 runs of flows, one of them without any', () => flowRuns.latestOfFlows([...FLOWS, 'never-run'])),
    reach('next run of each flow', () => flowRuns.nextOfFlows(FLOWS)),
    reach('task runs of 200 runs, counted', (turn) =>
      flowRuns.countTaskRuns(Array.from({ length: 200 }, (_, i) => runId(runNumber(turn * 200 + i)))),
    ),
    reach('task runs: latest 200', () => taskRuns.list()),
    {
      name: 'task runs: buckets of 24 hours',
      run: () => taskRuns.countByBucket({ from: ago(24), to: new Date(now), intervalSeconds: 4_320 }),
    },
    reach('run: with tasks and states', (turn) => runs.get(runId(runNumber(turn)))),
    reach('run: graph', (turn) => runs.graph(runId(runNumber(turn)))),
    reach('logs: of a run', (turn) => logLines.list({ flowRunIds: [runId(runNumber(turn))] })),
    reach('logs: of 20 runs', (turn) =>
      logLines.list({ flowRunIds: Array.from({ length: 20 }, (_, i) => runId(runNumber(turn * 20 + i))) }),
    ),
    reach('logs: warnings of a run', (turn) =>
      logLines.list({ flowRunIds: [runId(runNumber(turn))], minimumLevel: 30 }),
    ),
    reach('logs: last 100 of all', () => logLines.tail({}, 100)),
    reach('logs: search in all, one look', () => logLines.list({ text: 'no such words' }, { order: 'desc' })),
  ] satisfies Query[];
}
