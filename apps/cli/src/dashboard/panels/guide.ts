import type { Client } from '@champion/contract';
import { plural } from '@champion/core';
import { wrapped } from '../layout.ts';
import type { Head, Panel, Screen } from '../panel.ts';

interface Facts {
  readonly deployments: number;
  readonly workers: number;
  readonly waiting: number;
  readonly failed: number;
  readonly rules: number;
}

const DAY_MS = 86_400_000;

interface Step {
  readonly what: string;
  /** Nothing is left to do. */
  readonly done: boolean;
  readonly commands: readonly string[];
}

export const guidePanel: Panel = {
  tab: 'Guide',
  title: 'Deployment guide: what to do next',
  load: async ({ client, url, champion }, head) => {
    const facts = await ask(client);
    return (screen) => draw(steps(url, champion, facts, head), screen);
  },
};

async function ask(client: Client): Promise<Facts> {
  const since = new Date(Date.now() - DAY_MS).toISOString();
  const [deployments, workers, queues, failed, rules] = await Promise.all([
    client.countDeployments({ body: {} }),
    client.listWorkers(),
    client.filterWorkQueues({ body: {} }),
    client.countFlowRuns({
      body: { flow_runs: { state: { type: { any_: ['FAILED', 'CRASHED'] } }, end_time: { after_: since } } },
    }),
    client.listNotificationRules(),
  ]);
  return {
    deployments,
    workers: workers.filter(({ status }) => status === 'online').length,
    waiting: queues.reduce((sum, { counts }) => sum + (counts?.late ?? 0), 0),
    failed,
    rules: rules.length,
  };
}

function steps(url: string, champion: string, facts: Facts, { system, today }: Head): Step[] {
  const { deployments, workers, waiting, failed, rules } = facts;
  const last = today.previous_session;
  return [
    {
      what:
        deployments === 0
          ? 'Register the flows with their schedules'
          : `${plural(deployments, 'deployment')} registered`,
      done: deployments > 0,
      commands: [deployments === 0 ? `${champion} deploy` : `${champion} deployment ls`],
    },
    {
      what:
        workers === 0
          ? 'Start a worker: runs wait'
          : `${plural(workers, 'worker')} at work${waiting > 0 ? `, ${plural(waiting, 'run')} late: start another` : ''}`,
      done: workers > 0 && waiting === 0,
      commands: [`${champion} worker start -q default`],
    },
    {
      what: 'Run one now, or fill the past',
      done: true,
      commands: [
        `${champion} deployment run nse-bhavcopy-daily --watch`,
        `${champion} backfill nse-bhavcopy-etl --from ${last.slice(0, 4)}-01-01 --to ${last}`,
      ],
    },
    {
      what:
        failed === 0 ? 'No run failed in the last 24 hours' : `${plural(failed, 'run')} failed in the last 24 hours`,
      done: failed === 0,
      commands: [failed === 0 ? `${champion} flow-run ls` : `${champion} flow-run ls --state failed`],
    },
    {
      what: rules === 0 ? 'Be told of failures: a rule for Slack or a webhook' : plural(rules, 'notification rule'),
      done: rules > 0,
      commands: [`${url}/notifications`],
    },
    {
      what: system.simulated ? 'On real data, in a home of its own' : 'Is this machine ready?',
      done: true,
      commands: system.simulated ? ['npx champion doctor && npx champion up'] : [`${champion} doctor`],
    },
    {
      what: 'Look, and connect other tools',
      done: true,
      commands: [
        `${url}  the web app`,
        `${url}/api/docs  the API`,
        `${url}/metrics  for Prometheus`,
        `PREFECT_API_URL=${url}/api prefect deployment ls`,
        ...trackingLines(url, system.tracking_port),
      ],
    },
  ];
}

function trackingLines(url: string, port: number | null): string[] {
  if (port === null) return [];
  const tracking = new URL(url);
  tracking.port = String(port);
  return [`${tracking.origin}  the tracking`, `MLFLOW_TRACKING_URI=${tracking.origin} mlflow experiments search`];
}

function draw(all: readonly Step[], { style, width }: Screen): string[] {
  return all.flatMap(({ what, done, commands }) => [
    `${done ? style.green('✓') : style.yellow('▸')} ${done ? what : style.bold(what)}`,
    ...commands.flatMap((command) => wrapped(command.split(' '), ' ', width - 4, 4).map((line) => `    ${line}`)),
  ]);
}
