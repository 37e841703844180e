import type { Follower, InternalLog, RunReader } from '@champion/engine';
import type { Services } from '@champion/flows';
import { columnsOf } from '../http/data/tables.ts';
import type { Column, FamilyRun, RunEvents } from './run-events.ts';
import type { Transport } from './transport.ts';

interface Parts {
  /** Names its place in the records. */
  readonly name: string;
  readonly runs: RunReader;
  readonly events: RunEvents;
  readonly schemas: Schemas;
  readonly transport: Transport;
}

/** Runs that call runs that call runs: no family is deeper. */
const MOST_GENERATIONS = 20;

/** Tells of each run that begins or ends. */
export function lineageFollower({ name, runs, events, schemas, transport }: Parts): Follower {
  return {
    name,
    types: ['RUNNING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'],
    tell: async (state, signal) => {
      const run = await runs.get(state.flowRunId);
      // Deleted since.
      if (run === undefined) return;
      const elders = await eldersOf(runs, run.parentFlowRunId);
      const columns = state.type === 'RUNNING' ? new Map() : await schemas.of(events.tablesOf(run));
      await transport(events.of(state, { run, parent: elders[0], root: elders.at(-1) ?? run, columns }), signal);
    },
  };
}

/** Who called it, who called that, and so on. */
async function eldersOf(runs: RunReader, parentId: string | null): Promise<NonNullable<FamilyRun['parent']>[]> {
  const elders: NonNullable<FamilyRun['parent']>[] = [];
  for (let id = parentId; id !== null && elders.length < MOST_GENERATIONS; ) {
    const elder = await runs.find(id);
    if (elder === undefined) break;
    elders.push(elder);
    id = elder.parentFlowRunId;
  }
  return elders;
}

const KNOWN_FOR_MS = 10 * 60_000;
const WITHIN_MS = 5_000;

/** The columns of the warehouse's tables. What can't be had is left out: lineage does not wait for a warehouse. */
export class Schemas {
  readonly #warehouse: Services['warehouse'];
  readonly #log: InternalLog;
  readonly #known = new Map<string, { readonly columns: readonly Column[]; readonly until: number }>();

  constructor(warehouse: Services['warehouse'], log: InternalLog) {
    this.#warehouse = warehouse;
    this.#log = log;
  }

  async of(tables: readonly string[]): Promise<ReadonlyMap<string, readonly Column[]>> {
    const now = performance.now();
    const unknown = tables.filter((table) => (this.#known.get(table)?.until ?? 0) <= now);
    if (unknown.length > 0) {
      try {
        const found = await within(
          WITHIN_MS,
          this.#warehouse().then((warehouse) => columnsOf(warehouse, unknown)),
        );
        for (const [table, columns] of found) this.#known.set(table, { columns, until: now + KNOWN_FOR_MS });
      } catch (error) {
        this.#log('debug', 'Lineage is told without the columns of tables', { error });
      }
    }
    const known = tables.map((table) => [table, this.#known.get(table)?.columns ?? []] as const);
    return new Map(known.filter(([, columns]) => columns.length > 0));
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
