import type { Client, Deployment, Flow, RunBar, Slot, WorkQueue } from '@champion/contract';
import { scheduleWords } from '../../output/schedule.ts';
import { shortTime } from '../../output/time.ts';
import { markOf } from '../../progress/marks.ts';
import { queueName } from '../../remote/find.ts';
import { allDeployments, allFlows } from '../../remote/lists.ts';
import { tableLines } from '../layout.ts';
import type { Panel, Screen } from '../panel.ts';
import { ago } from '../words.ts';

/** Runs in a strip on a wide terminal; a narrow one shows the latest of them. */
const MOST_RUNS = 30;
const NARROW_RUNS = 10;
const WIDE = 120;
/** Looked ahead per deployment: closed days among them are passed over. */
const SLOTS = 12;

interface Row {
  readonly flow: Flow;
  /** The latest first. */
  readonly bars: readonly RunBar[];
  readonly deployments: readonly Deployment[];
  readonly next: Slot | undefined;
}

export const flowsPanel: Panel = {
  tab: 'Flows',
  title: 'Flows and schedules',
  load: async ({ client }) => {
    const [flows, deployments, queues, workers] = await Promise.all([
      allFlows(client),
      allDeployments(client),
      client.filterWorkQueues({ body: {} }),
      client.listWorkers(),
    ]);
    const rows = await Promise.all(
      flows.map(async (flow): Promise<Row> => {
        const own = deployments.filter(({ flow_id }) => flow_id === flow.id);
        const [bars, next] = await Promise.all([latestRuns(client, flow.name), nextRun(client, own)]);
        return { flow, bars, deployments: own, next };
      }),
    );
    const online = workers.filter(({ status }) => status === 'online');
    return (screen) => [
      ...drawFlows(rows, screen),
      '',
      ...drawQueues(queues, screen),
      online.length === 0
        ? screen.style.yellow('No worker is at work: runs wait.')
        : `${screen.style.dim('workers')}  ${online.map(({ name, running, concurrency }) => `${name} ${running}/${concurrency}`).join(', ')}`,
    ];
  },
};

function latestRuns(client: Client, flow: string): Promise<RunBar[]> {
  return client.readRunBars({
    body: {
      flows: { name: { any_: [flow] } },
      flow_runs: { state: { type: { not_any_: ['SCHEDULED', 'PENDING'] } } },
      sort: 'START_TIME_DESC',
      limit: MOST_RUNS,
    },
  });
}

async function nextRun(client: Client, deployments: readonly Deployment[]): Promise<Slot | undefined> {
  const slots = await Promise.all(
    deployments
      .filter(({ paused }) => !paused)
      .map(({ id }) => client.readUpcoming({ params: { id }, query: { limit: SLOTS } })),
  );
  return slots
    .flat()
    .filter(({ runs }) => runs)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];
}

function drawFlows(rows: readonly Row[], screen: Screen): string[] {
  const { style, width } = screen;
  const now = Date.now();
  const shown = width >= WIDE ? MOST_RUNS : NARROW_RUNS;
  const cells = rows.map(({ flow, bars, deployments, next }) => {
    const paused = deployments.length > 0 && deployments.every((each) => each.paused);
    const schedules = deployments.flatMap((each) => each.schedules);
    return [
      flow.name,
      bars
        .slice(0, shown)
        .reverse()
        .map(({ state_type }) => markOf({ type: state_type, name: state_type }, style))
        .join(''),
      bars[0] ? ago(bars[0].timestamp, now) : 'never',
      paused ? style.yellow('paused') : next ? shortTime(new Date(next.at)) : style.dim('on demand'),
      next?.session ?? '',
      schedules.map(scheduleWords).join('; '),
    ];
  });
  return tableLines(
    [
      { header: 'flow', flexible: true },
      { header: width >= WIDE ? 'last runs, the latest right' : 'last runs' },
      { header: 'last' },
      { header: 'next run' },
      { header: 'session', spare: true },
      { header: 'schedule', spare: true, flexible: true },
    ],
    cells,
    screen,
  );
}

function drawQueues(queues: readonly WorkQueue[], { style }: Screen): string[] {
  return queues.map((queue) => {
    const { counts, is_paused, status } = queue;
    const state = is_paused
      ? style.yellow('paused')
      : status === 'READY'
        ? style.green('ready')
        : style.yellow('no worker');
    const late = counts?.late ? style.yellow(`, ${counts.late} late`) : '';
    return `${style.dim('queue  ')}  ${queueName(queue)} ${state}, ${counts?.scheduled ?? 0} scheduled${late}, ${counts?.running ?? 0} running`;
  });
}
