import type { Client, Dataset, HistoryInterval, RunBar, SliceQuality } from '@champion/contract';
import { median } from '@champion/core';
import { count, duration } from '../../output/text.ts';
import { markOf } from '../../progress/marks.ts';
import { allFlows } from '../../remote/lists.ts';
import { labelled, spark, tableLines } from '../layout.ts';
import type { Panel, Screen } from '../panel.ts';
import { share } from '../words.ts';

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Runs and loaded slices that a flow's and a dataset's figures rest on. */
const RUNS = 50;
const SLICES = 200;
const TREND = 20;

interface FlowFigures {
  readonly flow: string;
  /** The latest first; those that have ended. */
  readonly bars: readonly RunBar[];
  readonly quality: readonly SliceQuality[];
}

export const metricsPanel: Panel = {
  tab: 'Metrics',
  title: 'Monitoring and metrics',
  load: async ({ client }) => {
    const now = Date.now();
    const [history, flows, datasets] = await Promise.all([
      client.readFlowRunHistory({
        body: {
          history_start: new Date(now - HOURS * HOUR_MS).toISOString(),
          history_end: new Date(now).toISOString(),
          history_interval_seconds: HOUR_MS / 1000,
        },
      }),
      allFlows(client),
      client.listDatasets(),
    ]);
    const figures = await Promise.all(
      flows.map(async ({ name }): Promise<FlowFigures> => {
        const dataset = datasets.find(({ flow }) => flow.name === name);
        const [bars, quality] = await Promise.all([endedRuns(client, name), qualityOf(client, dataset)]);
        return { flow: name, bars, quality };
      }),
    );
    return (screen) => [
      ...drawRuns(history, datasets, screen),
      '',
      ...drawFlows(figures, screen),
      '',
      screen.style.dim(`Of each flow's last ${RUNS} runs and each dataset's last ${SLICES} loaded parts.`),
    ];
  },
};

function endedRuns(client: Client, flow: string): Promise<RunBar[]> {
  return client.readRunBars({
    body: {
      flows: { name: { any_: [flow] } },
      flow_runs: { state: { type: { any_: ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] } } },
      sort: 'START_TIME_DESC',
      limit: RUNS,
    },
  });
}

async function qualityOf(client: Client, dataset: Dataset | undefined): Promise<SliceQuality[]> {
  if (dataset === undefined) return [];
  return client.readQuality({ params: { name: dataset.name }, query: { limit: SLICES } });
}

function drawRuns(history: readonly HistoryInterval[], datasets: readonly Dataset[], screen: Screen): string[] {
  const { style } = screen;
  const byState = new Map<string, number>();
  for (const { states } of history) {
    for (const { state_type, count_runs } of states) {
      byState.set(state_type, (byState.get(state_type) ?? 0) + count_runs);
    }
  }
  const of = (type: string): number => byState.get(type) ?? 0;
  const bad = of('FAILED') + of('CRASHED');
  const told = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED', 'RUNNING', 'SCHEDULED', 'PENDING']
    .filter((type) => of(type) > 0 || type === 'COMPLETED' || type === 'FAILED')
    .map((type) => `${markOf({ type, name: type }, style)} ${count(of(type))} ${type.toLowerCase()}`);
  const perHour = history.map(({ states }) =>
    states.filter(({ state_type }) => state_type !== 'SCHEDULED').reduce((sum, { count_runs }) => sum + count_runs, 0),
  );
  const rows = datasets.reduce((sum, dataset) => sum + (dataset.rows ?? 0), 0);
  return labelled(
    [
      ['runs, 24 hours', told.join('  ')],
      ['success rate', share(of('COMPLETED'), of('COMPLETED') + bad)],
      ['by the hour', `${style.cyan(spark(perHour))}${style.dim('▏now')}`],
      ['in the warehouse', `${count(rows)} rows of ${datasets.length} datasets`],
    ],
    screen,
  );
}

function drawFlows(figures: readonly FlowFigures[], screen: Screen): string[] {
  const { style } = screen;
  const cells = figures.map(({ flow, bars, quality }) => {
    const done = bars.filter(({ state_type }) => state_type === 'COMPLETED');
    const seconds = done.map((bar) => bar.duration);
    const sum = (of: (each: SliceQuality) => number): number => quality.reduce((all, each) => all + of(each), 0);
    const anomalies = sum(({ anomalies_detected }) => anomalies_detected);
    const filtered = sum(({ rows_filtered }) => rows_filtered);
    const ok = share(done.length, bars.length);
    return [
      flow,
      ok === '100 %' || ok === '–' ? ok : style.red(ok),
      seconds.length === 0 ? '' : duration((median(seconds) ?? 0) * 1000),
      seconds.length === 0 ? '' : duration(Math.max(...seconds) * 1000),
      quality.length === 0 ? '' : count(sum(({ rows_loaded }) => rows_loaded)),
      quality.length === 0 ? '' : filtered > 0 ? style.yellow(count(filtered)) : '0',
      quality.length === 0 ? '' : anomalies > 0 ? style.yellow(count(anomalies)) : '0',
      quality.length === 0
        ? ''
        : share(
            sum(({ rows_processed, validation_pass_rate }) => rows_processed * validation_pass_rate),
            sum(({ rows_processed }) => rows_processed),
          ),
      String(bars.length),
      style.cyan(spark(seconds.slice(0, TREND).reverse())),
    ];
  });
  return tableLines(
    [
      { header: 'flow', flexible: true },
      { header: 'success', align: 'right' },
      { header: 'median', align: 'right' },
      { header: 'longest', align: 'right' },
      { header: 'rows', align: 'right' },
      { header: 'filtered', align: 'right' },
      { header: 'anomalies', align: 'right' },
      { header: 'valid', align: 'right', spare: true },
      { header: 'runs', align: 'right', spare: true },
      { header: 'durations', spare: true },
    ],
    cells,
    screen,
  );
}
