import type { System, Worker } from '@champion/contract';
import { plural } from '@champion/core';
import { printable } from '../../output/text.ts';
import { VERSION } from '../../version.ts';
import { beside, labelled, tableLines } from '../layout.ts';
import type { Panel, Screen } from '../panel.ts';
import { ago, bytes, share } from '../words.ts';

const technologies: readonly (readonly [need: string, choice: string])[] = [
  ['Durable flows', 'DBOS on PostgreSQL'],
  ['Parse, normalise', 'Polars'],
  ['Data lake', 'Parquet files with a manifest'],
  ['Warehouse', 'ClickHouse'],
  ['API', "REST and live streams, with Prefect's routes"],
  ['Tracking', "experiments and runs, with MLflow's API"],
  ['Metrics', "Prometheus's text format"],
];

export const stackPanel: Panel = {
  tab: 'Stack',
  title: 'Technology stack: versions, stores, health',
  load: async ({ client, url }, { system }) => {
    const [workers, prefect] = await Promise.all([client.listWorkers(), client.readServerVersion()]);
    return (screen) => [
      ...drawServer(url, prefect, system, screen),
      '',
      ...beside([...drawStores(system, screen), '', ...drawWorkers(workers, screen)], drawTechnologies(screen), screen),
    ];
  },
};

function drawServer(url: string, prefect: string, system: System, screen: Screen): string[] {
  const { style } = screen;
  const { version, started_at, memory, cpu, disk, home } = system;
  const differs = version === VERSION ? '' : style.yellow(`; this program is ${VERSION}`);
  return labelled(
    [
      ['Champion', `${version}, started ${ago(started_at, Date.now())}${differs}; speaks Prefect ${prefect}`],
      ['address', url],
      ['home', printable(home)],
      ['memory', `${bytes(memory.rss_bytes)} of ${bytes(memory.system_total_bytes)}`],
      [
        'processor',
        `${cpu.used.toFixed(2)} of ${plural(cpu.cores, 'core')}, load ${cpu.load_average.map((each) => each.toFixed(1)).join(' ')}`,
      ],
      [
        'disk',
        `${bytes(disk.free_bytes)} free of ${bytes(disk.total_bytes)} (${share(disk.free_bytes, disk.total_bytes)})`,
      ],
    ],
    screen,
  );
}

function drawStores({ stores }: System, screen: Screen): string[] {
  const { style } = screen;
  const look = { up: style.green, down: style.red, off: style.dim };
  const sign = { up: '✓', down: '✗', off: '·' };
  return tableLines(
    [{ header: 'store' }, { header: 'health' }, { header: 'kind' }, { header: 'where', flexible: true }],
    stores.map(({ name, kind, state, detail }) => [
      name,
      look[state](`${sign[state]} ${state}`),
      kind,
      printable(detail),
    ]),
    screen,
  );
}

function drawTechnologies(screen: Screen): string[] {
  return labelled(technologies, screen);
}

function drawWorkers(workers: readonly Worker[], screen: Screen): string[] {
  const { style } = screen;
  const there = workers.filter(({ status }) => status !== 'offline');
  if (there.length === 0) return [style.yellow('No worker is at work: runs wait.')];
  return there.map(
    ({ name, status, version, host, pid, running, concurrency, work_queues }) =>
      `${style.dim('worker')}  ${name} ${status}, ${running} of ${concurrency} runs, ${work_queues.join(', ')}; ${version} on ${host}, process ${pid}`,
  );
}
