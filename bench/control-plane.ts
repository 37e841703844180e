import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, startEmbeddedPostgres } from '@champion/engine';
import pg from 'pg';
import { fill } from './control-plane-data.ts';
import { type Query, readQueries } from './control-plane-queries.ts';
import { short } from './table.ts';

const WARM_UP = 3;
const TURNS = 60;

interface Figure {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly unit: string;
  /** What the project wants: at p95 for times. */
  readonly reach?: string;
}

export interface ControlPlaneOptions {
  readonly runs: number;
  /** Only the figures whose name contains this. */
  readonly only: string | undefined;
}

/** A part of the benchmark: what it measures of an engine whose tables are full. */
type Part = (engine: Engine, options: ControlPlaneOptions) => Promise<Figure[]>;

const parts: readonly Part[] = [reads];

/** The control plane on an embedded PostgreSQL whose tables hold so many runs, and ten times as many log lines. */
export async function controlPlane(options: ControlPlaneOptions): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'champion-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') });
  try {
    const engine = await Engine.start({ databaseUrl: postgres.url, flows: [] });
    try {
      const from = performance.now();
      await filled(postgres.url, options.runs);
      const seconds = Math.round((performance.now() - from) / 1000);
      const volume = `${options.runs.toLocaleString('en')} runs, ${(10 * options.runs).toLocaleString('en')} log lines`;
      console.log(`Node ${process.version}, ${cpus().length} CPUs, PostgreSQL ${postgres.version}`);
      console.log(`${volume}, made in ${seconds} s\n\n| Figure | p50 | p95 | Unit | Reach |\n|---|--:|--:|---|---|`);
      for (const part of parts) {
        for (const { name, p50, p95, unit, reach } of await part(engine, options)) {
          console.log(`| ${name} | ${short(p50)} | ${short(p95)} | ${unit} | ${reach ?? ''} |`);
        }
      }
    } finally {
      await engine.stop();
    }
  } finally {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function filled(url: string, runs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await fill(client, { runs, logLines: 10 * runs });
  } finally {
    await client.end();
  }
}

/** What the API reads, one query at a time. */
async function reads(engine: Engine, options: ControlPlaneOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const query of readQueries(engine.runs, options.runs)) {
    if (options.only !== undefined && !query.name.includes(options.only)) continue;
    figures.push(await timed(query));
  }
  return figures;
}

async function timed({ name, reachMs, run }: Query): Promise<Figure> {
  const times: number[] = [];
  for (let turn = -WARM_UP; turn < TURNS; turn++) {
    const from = performance.now();
    await run(turn + WARM_UP);
    if (turn >= 0) times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return { name, p50: at(0.5), p95: at(0.95), unit: 'ms', ...(reachMs === undefined ? {} : { reach: `≤ ${reachMs}` }) };
}
