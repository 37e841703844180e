import { isAbsolute, resolve } from 'node:path';
import { GOLD_FLOW, type Dataset as MarketDataset, PUBLISH_TASK } from '@champion/flows';
import { GOLD_TABLES } from '@champion/warehouse';
import { z } from 'zod';
import { fileAt, inKafka, inLake, inWarehouse, type Place, published, type Stores, staged } from './stores.ts';

/** A dataset that a task read or wrote, with what is known of what it was there. */
export interface Touched extends Place {
  readonly type: 'FILE' | 'TABLE' | 'TOPIC';
  /** Address of its store, where the namespace is none. */
  readonly uri?: string;
  /** Which state of it: the files' paths. */
  readonly version?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly files?: number;
  /** Table of the warehouse whose columns it has. */
  readonly columnsOf?: string;
  /** What one task leaves for the next alone. */
  readonly passing?: true;
  /** Rows that broke a hard rule, by rule: what was found out about an input. */
  readonly broken?: Readonly<Record<string, number>>;
}

/** What a task really read and wrote. */
export interface Touches {
  readonly inputs: readonly Touched[];
  readonly outputs: readonly Touched[];
}

/** What is read of the result of an ingest flow's task (Step<...>). Later tasks' results have more of it. */
const StepSchema = z.object({
  request: z.object({ output_base_path: z.string().nullable(), file: z.string().nullable() }),
  slices: z.array(
    z.object({
      files: z.array(z.object({ input: z.string(), path: z.string(), bytes: z.number() })),
      bronze: z.record(z.string(), z.string()).optional(),
      rows_in_file: z.number().optional(),
      rows: z.number().optional(),
      rules: z.record(z.string(), z.number()).optional(),
      silver: z.string().optional(),
      quarantine: z.object({ path: z.string(), rows: z.number() }).nullish(),
      bytes: z.number().optional(),
    }),
  ),
});

const GoldSchema = z.object({
  trade_date: z.string(),
  tables: z.array(z.object({ table: z.string(), rows: z.number() })),
});

type Step = z.output<typeof StepSchema>;
type Slice = Step['slices'][number];

/** A task, as far as one has to know it. */
interface TaskDone {
  readonly name: string;
  readonly result: unknown;
}

/**
 * What a task read and wrote, by what it handed on. Of one that failed nothing is known; nor of one that handles no data,
 * for which it is undefined.
 */
export type Toucher = (flow: string, task: TaskDone) => Touches | undefined;

export function toucher(datasets: readonly MarketDataset[], stores: Stores): Toucher {
  const byFlow = new Map(datasets.map((dataset) => [dataset.flow.name, dataset]));
  return (flow, task) => {
    if (flow === GOLD_FLOW.name) return ofGold(stores, task);
    const dataset = byFlow.get(flow);
    return dataset === undefined ? undefined : ofIngest(dataset, stores, task);
  };
}

const NOTHING: Touches = { inputs: [], outputs: [] };

function ofIngest(dataset: MarketDataset, stores: Stores, { name, result }: TaskDone): Touches | undefined {
  const { tasks } = dataset.flow;
  if (name !== PUBLISH_TASK && !Object.values(tasks).includes(name)) return undefined;
  const step = StepSchema.safeParse(result).data;
  if (step === undefined) return NOTHING;
  const at = new Ingested(dataset, stores, step);
  switch (name) {
    case tasks.scrape:
      return { inputs: at.sources(), outputs: at.raw() };
    case tasks.normalize:
      return { inputs: at.bronze(true), outputs: at.staged() };
    case tasks.parse:
      return {
        inputs: at.raw(),
        outputs: [...at.bronze(false), ...(tasks.normalize === undefined ? at.staged() : [])],
      };
    case PUBLISH_TASK:
      return { inputs: at.sent(), outputs: at.topics() };
    case tasks.write:
      return { inputs: at.staged(), outputs: [...at.silver(), ...at.quarantine()] };
    default:
      return { inputs: [...at.silver(), ...at.quarantine()], outputs: at.loaded() };
  }
}

/** The stages of one run's data, the slices of a dataset added up. */
class Ingested {
  readonly #dataset: MarketDataset;
  readonly #stores: Stores;
  readonly #step: Step;
  readonly #root: string;

  constructor(dataset: MarketDataset, stores: Stores, step: Step) {
    this.#dataset = dataset;
    this.#stores = stores;
    this.#step = step;
    const { output_base_path: given } = step.request;
    this.#root = given === null ? stores.lakeRoot : resolve(given);
  }

  sources(): Touched[] {
    const { file } = this.#step.request;
    const path = file === null || isAbsolute(file) ? file : resolve(file);
    return merged(
      this.#files().map(({ input, bytes }) => ({
        ...(path === null ? { ...published(input), uri: this.#stores.exchangeUrl } : fileAt(path)),
        type: 'FILE',
        bytes,
        files: 1,
      })),
    );
  }

  raw(): Touched[] {
    return merged(
      this.#files().map(({ path, bytes }) => ({
        ...inLake(this.#root, path),
        type: 'FILE',
        version: path,
        bytes,
        files: 1,
      })),
    );
  }

  bronze(judged: boolean): Touched[] {
    return merged(
      this.#step.slices.flatMap((slice) =>
        Object.entries(slice.bronze ?? {}).map(([input, path]): Touched => {
          const main = input === slice.files[0]?.input;
          return {
            ...inLake(this.#root, path),
            type: 'FILE',
            version: path,
            files: 1,
            ...(main && slice.rows_in_file !== undefined ? { rows: slice.rows_in_file } : {}),
            ...(main && judged ? { broken: slice.rules ?? {} } : {}),
          };
        }),
      ),
    );
  }

  staged(): Touched[] {
    return merged(
      this.#of(({ rows }) => [
        { ...staged(this.#root, this.#dataset.table), type: 'FILE', passing: true, files: 1, ...rowsOf(rows) },
      ]),
    );
  }

  silver(): Touched[] {
    const columnsOf = this.#dataset.table;
    return merged(
      this.#of(({ silver, rows, bytes = 0 }) =>
        silver === undefined
          ? []
          : [
              {
                ...inLake(this.#root, silver),
                type: 'FILE',
                version: silver,
                files: 1,
                bytes,
                columnsOf,
                ...rowsOf(rows),
              },
            ],
      ),
    );
  }

  quarantine(): Touched[] {
    return merged(
      this.#of(({ quarantine }) =>
        quarantine == null
          ? []
          : [
              {
                ...inLake(this.#root, quarantine.path),
                type: 'FILE',
                version: quarantine.path,
                files: 1,
                rows: quarantine.rows,
              },
            ],
      ),
    );
  }

  loaded(): Touched[] {
    const table = (name: string, rows: number | undefined): Touched => ({
      ...inWarehouse(this.#stores, name),
      type: 'TABLE',
      columnsOf: name,
      ...rowsOf(rows),
    });
    return merged(
      this.#of(({ rows, quarantine }) => [
        table(this.#dataset.table, rows),
        ...(quarantine == null ? [] : [table('quarantine', quarantine.rows)]),
        table('data_quality', 1),
      ]),
    );
  }

  /** What goes to Kafka: silver rows, and where somebody wants those, what they were made of. */
  sent(): Touched[] {
    return [...this.silver(), ...(this.#dataset.topics.published === undefined ? [] : this.bronze(false))];
  }

  topics(): Touched[] {
    const { rows: topic, published } = this.#dataset.topics;
    const names = published === undefined ? [topic] : [topic, published.topic];
    return merged(
      this.#of(({ rows }) => names.map((name) => ({ ...inKafka(this.#stores, name), type: 'TOPIC', ...rowsOf(rows) }))),
    );
  }

  #files(): Slice['files'] {
    return this.#step.slices.flatMap(({ files }) => files);
  }

  #of(make: (slice: Slice) => Touched[]): Touched[] {
    return this.#step.slices.flatMap(make);
  }
}

function ofGold(stores: Stores, { name, result }: TaskDone): Touches | undefined {
  const { compute, write, snapshot } = GOLD_FLOW.tasks;
  if (![compute, write, snapshot].includes(name)) return undefined;
  const computed = GoldSchema.safeParse(result).data;
  // The snapshot says what is in the tables, not which there are.
  if (computed === undefined) return NOTHING;
  const table = (of: string): Touched => ({ ...inWarehouse(stores, of), type: 'TABLE', columnsOf: of });
  const tables = computed.tables.map(({ table: of, rows }) => ({ ...table(of), rows }));
  if (name === compute) {
    const made = new Set(computed.tables.map((each) => each.table));
    const read = new Set(GOLD_TABLES.filter((each) => made.has(each.name)).flatMap(({ inputs }) => inputs));
    return { inputs: [...read].filter((each) => !made.has(each)).map(table), outputs: tables };
  }
  const files = computed.tables
    .filter(({ rows }) => rows > 0)
    .map(({ table: of, rows }): Touched => {
      const version = `gold/${of}/trade_date=${computed.trade_date}`;
      return { ...inLake(stores.lakeRoot, version), type: 'FILE', version, files: 1, rows, columnsOf: of };
    });
  return { inputs: tables, outputs: files };
}

function rowsOf(rows: number | undefined): { rows?: number } {
  return rows === undefined ? {} : { rows };
}

/** Parts of the same dataset as one: counts added up, of the versions all. */
export function merged(parts: readonly Touched[]): Touched[] {
  const whole = new Map<string, Touched>();
  for (const part of parts) {
    const key = `${part.namespace} ${part.name}`;
    const before = whole.get(key);
    whole.set(key, before === undefined ? part : added(before, part));
  }
  return [...whole.values()];
}

function added(a: Touched, b: Touched): Touched {
  const versions = new Set([a.version, b.version].filter((version) => version !== undefined));
  const broken: Record<string, number> = { ...a.broken };
  for (const [rule, count] of Object.entries(b.broken ?? {})) broken[rule] = (broken[rule] ?? 0) + count;
  return {
    ...a,
    ...b,
    ...(versions.size === 0 ? {} : { version: [...versions].join(' ') }),
    ...sum('rows', a, b),
    ...sum('bytes', a, b),
    ...sum('files', a, b),
    ...(a.broken === undefined && b.broken === undefined ? {} : { broken }),
  };
}

function sum(count: 'rows' | 'bytes' | 'files', a: Touched, b: Touched): Partial<Record<typeof count, number>> {
  const [x, y] = [a[count], b[count]];
  return x === undefined && y === undefined ? {} : { [count]: (x ?? 0) + (y ?? 0) };
}
