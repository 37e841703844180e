import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BusinessDate, businessDate, TradingCalendar } from '@champion/core';
import { bhavcopyZip, startSimulator } from '@champion/simulator';
import { measure, runChild } from './children.ts';
import { emptyTasks, floor, product, startUp } from './roles.ts';
import { printTable, type Row, spread } from './table.ts';

const SESSIONS = 20;
const WARM_UP = 5;

const roles = {
  'start-up': startUp,
  'empty-tasks': emptyTasks,
  floor,
  product,
  exchange: async (folder: string) => {
    const simulator = await startSimulator({ port: 0, replayDir: folder });
    process.send?.(simulator.url);
    await new Promise((resolve) => process.once('disconnect', resolve));
    await simulator.close();
  },
} as const;

const { values, positionals } = parseArgs({
  options: { repeat: { type: 'string', default: '5' }, role: { type: 'string' } },
  allowPositionals: true,
});

if (values.role === undefined) await main(Number(values.repeat));
else await (roles[values.role as keyof typeof roles] as (...given: string[]) => Promise<void>)(...positionals);

async function main(repeat: number): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'champion-bench-'));
  try {
    console.log(
      `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    );
    console.log(`each figure: median (minimum to maximum) of ${repeat} processes\n`);
    const sessions = new TradingCalendar().lastSessions(businessDate('2026-10-30'), SESSIONS + WARM_UP);
    await publish(work, sessions);
    const exchange = await runChild('exchange', [work]);
    try {
      printTable(await figures(work, exchange.firstMessage, sessions, repeat));
    } finally {
      exchange.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function figures(work: string, url: string, sessions: BusinessDate[], repeat: number): Promise<Row[]> {
  const list = sessions.join(',');
  const cold: number[] = [];
  const warm: number[] = [];
  const empty: number[] = [];
  const ours: Ingest[] = [];
  const theirs: Ingest[] = [];
  for (let i = 0; i < repeat; i++) {
    const home = join(work, `start-${i}`);
    cold.push(await measure<number>('start-up', [home, url]));
    warm.push(await measure<number>('start-up', [home, url]));
    empty.push(await measure<number>('empty-tasks', [home, url]));
    theirs.push(await measure<Ingest>('floor', [join(work, `floor-${i}`), url, list, String(WARM_UP)]));
    ours.push(await measure<Ingest>('product', [join(work, `product-${i}`), url, list, String(WARM_UP)]));
    process.stderr.write(`round ${i + 1} of ${repeat}\n`);
  }
  const ratios = ours.map(({ allMs }, i) => allMs / (theirs[i]?.allMs ?? Number.NaN));
  const rate = ours.map(({ rows, allMs }) => rows / (allMs / 1000));
  return [
    { figure: 'start-up, cold', unit: 'ms', ...spread(cold) },
    { figure: 'start-up, warm', unit: 'ms', ...spread(warm), reach: '≤ 1500' },
    { figure: 'five-task run of empty tasks', unit: 'ms', ...spread(empty), reach: '≤ 60' },
    { figure: 'overhead per task', unit: 'ms', ...spread(empty.map((ms) => ms / 5)) },
    { figure: 'one session, product', unit: 'ms', ...spread(ours.map(({ oneMs }) => oneMs)), reach: '≤ 250' },
    { figure: 'one session, floor', unit: 'ms', ...spread(theirs.map(({ oneMs }) => oneMs)) },
    { figure: `${SESSIONS} sessions, product`, unit: 'ms', ...spread(ours.map(({ allMs }) => allMs)) },
    { figure: `${SESSIONS} sessions, floor`, unit: 'ms', ...spread(theirs.map(({ allMs }) => allMs)) },
    { figure: `${SESSIONS} sessions, product / floor`, unit: '×', ...spread(ratios), reach: '≤ 1.5' },
    { figure: 'rows per second, product', unit: 'rows/s', ...spread(rate) },
    { figure: 'peak memory, product', unit: 'MiB', ...spread(ours.map(({ peakMib }) => peakMib)) },
    { figure: 'peak memory, floor', unit: 'MiB', ...spread(theirs.map(({ peakMib }) => peakMib)) },
  ];
}

/** What a role that ingests sessions reports. */
interface Ingest {
  /** Median of one session after another. */
  readonly oneMs: number;
  /** All sessions. */
  readonly allMs: number;
  readonly rows: number;
  readonly peakMib: number;
}

async function publish(folder: string, sessions: readonly BusinessDate[]): Promise<void> {
  for (const date of sessions) {
    const name = `BhavCopy_NSE_CM_0_0_0_${date.replaceAll('-', '')}_F_0000.csv.zip`;
    await writeFile(join(folder, name), await bhavcopyZip({ seed: 1, date, format: 'udiff-b' }));
  }
}
