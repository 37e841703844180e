import { highIsGood, of } from './panel.mjs';

const ENDED = 'champion_flow_runs_ended_total';

/** @type {import('./panel.mjs').Dashboard} */
export const pipelineHealth = {
  uid: 'champion-pipeline-health',
  title: 'Champion: pipeline health',
  description: 'Do runs begin in time, and do they end well?',
  rows: [
    {
      title: 'How runs end',
      panels: [
        {
          title: 'Success by flow',
          description:
            'Share of the runs that completed, of those that completed, failed or crashed in the range shown.',
          type: 'bargauge',
          unit: 'percentunit',
          min: 0,
          max: 1,
          steps: highIsGood(0.9, 0.99),
          queries: [
            {
              expr:
                `sum by (flow) (increase(${of(ENDED, 'state="completed"')}[$__range])) / ` +
                `(sum by (flow) (increase(${of(ENDED, 'state=~"completed|failed|crashed"')}[$__range])) > 0)`,
              legend: '{{flow}}',
            },
          ],
        },
        {
          title: 'Failures by cause',
          description:
            'Runs that failed or crashed in the hour before, by flow and error code. not_published_yet passes by itself; blocked and unreachable are the exchange; corrupt and missing need a person.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          stacked: true,
          queries: [
            {
              expr: `sum by (flow, code) (increase(${of('champion_flow_run_failures_total')}[1h])) > 0`,
              legend: '{{flow}} {{code}}',
            },
          ],
          mayBeEmpty: 'no run fails while all is well',
        },
        {
          title: 'Runs that ended',
          description: 'Per hour, by how they ended.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          stacked: true,
          queries: [{ expr: `sum by (state) (increase(${of(ENDED)}[1h]))`, legend: '{{state}}' }],
        },
        {
          title: 'Last run of each flow',
          description: 'When the latest run of each flow ended.',
          type: 'table',
          unit: 'dateTimeFromNow',
          width: 12,
          queries: [{ expr: `${of('champion_flow_last_run_end_timestamp_seconds')} * 1000`, format: 'table' }],
        },
        {
          title: 'Retries of tasks',
          description:
            'Attempts after the first, in the hour before. Many at a scrape task: the exchange is slow or down.',
          type: 'timeseries',
          unit: 'none',
          width: 12,
          min: 0,
          stacked: true,
          queries: [
            {
              expr: `sum by (flow, task) (increase(${of('champion_task_run_retries_total')}[1h]))`,
              legend: '{{flow}} {{task}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Waiting and at work',
      panels: [
        {
          title: 'Late runs by queue',
          description: 'Runs that should have begun more than 15 s ago: the queue is paused, full or not served.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [{ expr: of('champion_work_queue_late_runs'), legend: '{{work_pool}}/{{work_queue}}' }],
        },
        {
          title: 'Runs in the queues',
          description: 'Runs that wait, those of the days to come included, and runs at work.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [
            { expr: of('champion_work_queue_scheduled_runs'), legend: '{{work_pool}}/{{work_queue}} waiting' },
            { expr: of('champion_work_queue_running_runs'), legend: '{{work_pool}}/{{work_queue}} at work' },
          ],
        },
        {
          title: 'Queues',
          description: 'Whether a queue is served by a live worker, and whether it is paused.',
          type: 'stat',
          unit: 'none',
          words: { 0: 'no', 1: 'yes' },
          queries: [
            { expr: of('champion_work_queue_served'), legend: '{{work_pool}}/{{work_queue}} served' },
            { expr: of('champion_work_queue_paused'), legend: '{{work_pool}}/{{work_queue}} paused' },
          ],
        },
        {
          title: 'Delay until a run begins',
          description:
            'From when a run was to begin until it did, half and 95 % of them. With a free worker: below 0.2 s.',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [0.5, 0.95].map((quantile) => ({
            expr: `histogram_quantile(${quantile}, sum by (le) (increase(${of('champion_flow_run_start_delay_seconds_bucket')}[1h])))`,
            legend: `${quantile * 100} %`,
          })),
        },
        {
          title: 'Longest run at work',
          description: 'For how long the oldest run of each flow has been running. Above 10 minutes an alert fires.',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [{ expr: of('champion_flow_run_longest_running_seconds'), legend: '{{flow}}' }],
        },
        {
          title: 'Unfinished runs',
          description: 'By state. Many cancelling or pending for long: a worker hangs.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [
            { expr: of('champion_flow_runs'), legend: '{{state}}' },
            { expr: of('champion_flow_runs_late'), legend: 'late' },
          ],
        },
      ],
    },
    {
      title: 'Workers',
      panels: [
        {
          title: 'Workers',
          description: 'Online, draining (ends what it has) and silent (went without a word in the last hour).',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [{ expr: of('champion_workers'), legend: '{{status}}' }],
        },
        {
          title: 'Age of heartbeats',
          description: 'A worker renews its heartbeat every 2 s; after 10 s without one, others take its runs over.',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [{ expr: of('champion_worker_heartbeat_age_seconds'), legend: '{{worker}}' }],
        },
        {
          title: 'Workers in use',
          description: 'Runs that each worker has, as a share of what it takes at once. All full: runs wait.',
          type: 'timeseries',
          unit: 'percentunit',
          min: 0,
          max: 1,
          queries: [
            {
              expr: `${of('champion_worker_running_runs')} / ${of('champion_worker_capacity_runs')}`,
              legend: '{{worker}}',
            },
          ],
        },
        {
          title: 'Metrics that are missing',
          description: 'Groups of metrics that the server could not bring up to date: what rests on them is blind.',
          type: 'state-timeline',
          unit: 'none',
          width: 24,
          height: 6,
          words: { 0: 'missing', 1: 'there' },
          steps: highIsGood(1, 1),
          queries: [{ expr: of('champion_metrics_collector_up'), legend: '{{collector}}' }],
        },
      ],
    },
  ],
};
