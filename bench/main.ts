import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BusinessDate, businessDate, fixedClock, TradingCalendar } from '@champion/core';
import { bhavcopyZip, startSimulator } from '@champion/simulator';
import { api, apiServer } from './api.ts';
import { measure, runChild } from './children.ts';
import { controlPlane } from './control-plane.ts';
import { backfilled, combined, emptyTasks, floor, product, startUp } from './roles.ts';
import { printTable, type Row, spread } from './table.ts';
import { type TrackingFigures, tracking, trackingRows } from './tracking.ts';

const SESSIONS = 20;
const BACKFILL = 100;
const WARM_UP = 5;

const roles = {
  'start-up': startUp,
  'empty-tasks': emptyTasks,
  floor,
  product,
  backfill: backfilled,
  combined,
  tracking,
  'api-server': apiServer,
  exchange: async (folder: string) => {
    const generated = { publishAll: true, clock: fixedClock('2026-10-30T21:00:00+05:30') };
    const simulator = await startSimulator({ port: 0, ...(folder === '' ? generated : { replayDir: folder }) });
    process.send?.(simulator.url);
    await new Promise((resolve) => process.once('disconnect', resolve));
    await simulator.close();
  },
} as const;

const { values, positionals } = parseArgs({
  options: {
    repeat: { type: 'string', default: '5' },
    role: { type: 'string' },
    runs: { type: 'string', default: '1000000' },
    only: { type: 'string' },
  },
  allowPositionals: true,
});

if (values.role === undefined && positionals[0] === 'control-plane') {
  await controlPlane({ runs: Number(values.runs), only: values.only });
} else if (values.role === undefined && positionals[0] === 'api') {
  await api(Number(values.repeat));
} else if (values.role === undefined) await main(Number(values.repeat));
else await (roles[values.role as keyof typeof roles] as (...given: string[]) => Promise<void>)(...positionals);

async function main(repeat: number): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'champion-bench-'));
  try {
    console.log(
      `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    );
    console.log(`each figure: median (minimum to maximum) of ${repeat} processes\n`);
    const sessions = new TradingCalendar().lastSessions(businessDate('2026-10-30'), BACKFILL + WARM_UP);
    await publish(work, sessions);
    const archive = await runChild('exchange', [work]);
    const market = await runChild('exchange', ['']);
    try {
      printTable(await figures(work, { archive: archive.firstMessage, market: market.firstMessage }, sessions, repeat));
    } finally {
      archive.stop();
      market.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function figures(
  work: string,
  urls: { readonly archive: string; readonly market: string },
  sessions: readonly BusinessDate[],
  repeat: number,
): Promise<Row[]> {
  const url = urls.archive;
  const list = sessions.slice(-(SESSIONS + WARM_UP)).join(',');
  const long = sessions.join(',');
  const cold: number[] = [];
  const warm: number[] = [];
  const empty: number[] = [];
  const ours: Ingest[] = [];
  const theirs: Ingest[] = [];
  const backfills: Ingest[] = [];
  const longFloors: Ingest[] = [];
  const evenings: number[] = [];
  const trackings: TrackingFigures[] = [];
  for (let i = 0; i < repeat; i++) {
    const home = join(work, `start-${i}`);
    cold.push(await measure<number>('start-up', [home, url]));
    warm.push(await measure<number>('start-up', [home, url]));
    empty.push(await measure<number>('empty-tasks', [home, url]));
    theirs.push(await measure<Ingest>('floor', [join(work, `floor-${i}`), url, list, String(WARM_UP)]));
    ours.push(await measure<Ingest>('product', [join(work, `product-${i}`), url, list, String(WARM_UP)]));
    longFloors.push(await measure<Ingest>('floor', [join(work, `long-floor-${i}`), url, long, String(WARM_UP)]));
    backfills.push(await measure<Ingest>('backfill', [join(work, `backfill-${i}`), url, long, String(WARM_UP)]));
    evenings.push(await measure<number>('combined', [join(work, `combined-${i}`), urls.market]));
    trackings.push(await measure<TrackingFigures>('tracking', [join(work, 'tracking')]));
    process.stderr.write(`round ${i + 1} of ${repeat}\n`);
  }
  const ratios = ours.map(({ allMs }, i) => allMs / (theirs[i]?.allMs ?? Number.NaN));
  const longRatios = backfills.map(({ allMs }, i) => allMs / (longFloors[i]?.allMs ?? Number.NaN));
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
    {
      figure: `backfill of ${BACKFILL} sessions`,
      unit: 'ms',
      ...spread(backfills.map(({ allMs }) => allMs)),
      reach: '≤ 15,000',
    },
    { figure: `${BACKFILL} sessions, floor`, unit: 'ms', ...spread(longFloors.map(({ allMs }) => allMs)) },
    { figure: `${BACKFILL} sessions, backfill / floor`, unit: '×', ...spread(longRatios), reach: '≤ 1.5' },
    { figure: 'all datasets of one evening', unit: 'ms', ...spread(evenings) },
    { figure: 'rows per second, product', unit: 'rows/s', ...spread(rate) },
    { figure: 'peak memory, product', unit: 'MiB', ...spread(ours.map(({ peakMib }) => peakMib)) },
    { figure: 'peak memory, floor', unit: 'MiB', ...spread(theirs.map(({ peakMib }) => peakMib)) },
    ...trackingRows(trackings),
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
    await writeFile(join(folder, name), await bhavcopyZip({ seed: 1, date, format: 'udiff_b' }));
  }
}
