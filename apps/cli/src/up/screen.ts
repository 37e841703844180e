import type { Client, Slot, System, Worker } from '@champion/contract';
import type { Style } from '../output/style.ts';
import { padEnd, printable } from '../output/text.ts';
import { localTime } from '../output/time.ts';
import { fullName } from '../remote/find.ts';
import { allDeployments } from '../remote/lists.ts';

/** What the start screen tells. */
export interface Scene {
  readonly url: string;
  /** Where MLflow's clients find the tracking API. */
  readonly trackingUrl: string;
  readonly system: System;
  readonly workers: readonly Worker[];
  readonly next: readonly NextRun[];
  /** How to call this program again for the same home. */
  readonly champion: string;
  readonly startedInMs: number;
}

export interface NextRun {
  readonly deployment: string;
  readonly slot: Slot;
}

const NEXT = 5;
/** Looked ahead per deployment: closed days among them are passed over. */
const SLOTS = 12;

/** The runs that come next, over all deployments. */
export async function nextRuns(client: Client): Promise<NextRun[]> {
  const deployments = (await allDeployments(client)).filter(({ paused }) => !paused);
  const slots = await Promise.all(
    deployments.map(async (deployment) => {
      const upcoming = await client.readUpcoming({ params: { id: deployment.id }, query: { limit: SLOTS } });
      return upcoming.filter(({ runs }) => runs).map((slot) => ({ deployment: fullName(deployment), slot }));
    }),
  );
  return slots
    .flat()
    .sort((a, b) => Date.parse(a.slot.at) - Date.parse(b.slot.at))
    .slice(0, NEXT);
}

export function renderScreen(scene: Scene, style: Style): string {
  const { url, trackingUrl, system, workers, next, champion, startedInMs } = scene;
  const { bold, dim, cyan, yellow, red } = style;
  const line = (what: string, text: string): string => `  ${dim(padEnd(what, 11))} ${text}\n`;
  const store = ({ kind, state, detail }: System['stores'][number]): string =>
    state === 'up' ? `${kind}, ${printable(detail)}` : red(`${state}: ${printable(detail)}`);
  const online = workers.filter(({ status }) => status === 'online');
  return [
    `\n${bold('Champion')} ${system.version}  ${dim(`up in ${(startedInMs / 1000).toFixed(1)} s`)}\n`,
    ...(system.simulated ? [`${yellow('Simulated exchange')}: a made-up market. No row of it is real.\n`] : []),
    '\n',
    line('Web, API', `${cyan(url)}  ${dim(`${url}/api`)}`),
    line('API docs', `${url}/api/docs`),
    line('Tracking', trackingUrl),
    ...system.stores.map((each) => line(each.name.charAt(0).toUpperCase() + each.name.slice(1), store(each))),
    line('Home', system.home),
    line(
      'Worker',
      online.length === 0
        ? yellow(`none: ${champion} worker start -q default`)
        : online.map((each) => `${each.name}, ${each.work_queues.join(', ')}, ${each.concurrency} at once`).join('; '),
    ),
    line('Scheduler', next.length === 0 ? 'no runs ahead' : `next runs, in this machine's time`),
    ...next.map(({ deployment, slot }) =>
      line(
        '',
        `${localTime(new Date(slot.at)).slice(0, 16)}  ${deployment}${slot.session === null ? '' : dim(`  for ${slot.session}`)}`,
      ),
    ),
    `\n${dim('Ctrl-C stops it. In another terminal:')} ${champion} deployment ls\n\n`,
  ].join('');
}
