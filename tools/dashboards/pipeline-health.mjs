import { highIsGood, lowIsGood, of } from './panel.mjs';

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
      title: 'What others are told',
      panels: [
        {
          title: 'States still to be told',
          description:
            'Of runs that Champion’s tracking, an MLflow server and lineage have not heard of yet. They go on where they were: what is pending is not lost.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [{ expr: of('champion_forwarding_pending_states'), legend: '{{target}}' }],
        },
        {
          title: 'Failed attempts in a row',
          description: 'Above 0 for long: the target is away or refuses; its last error is on the System page.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [{ expr: of('champion_forwarding_failed_attempts'), legend: '{{target}}' }],
        },
        {
          title: 'Not told, for good',
          description: 'States that a target never takes, and those that retention removed before it heard of them.',
          type: 'stat',
          unit: 'none',
          steps: lowIsGood(1, 100),
          queries: [
            { expr: of('champion_forwarding_refused_total'), legend: '{{target}} refused' },
            { expr: of('champion_forwarding_lost_total'), legend: '{{target}} lost' },
          ],
        },
        {
          title: 'Alerts',
          description: 'What waits to be sent, and what was given up in the last 24 hours, by target.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [
            { expr: of('champion_alerts_waiting'), legend: '{{target}} waiting' },
            { expr: of('champion_alerts_failed_last_day'), legend: '{{target}} given up' },
          ],
          mayBeEmpty: 'a platform without rules for alerts has none',
        },
        {
          title: 'Rows that wait for Kafka',
          description: 'Rows in the outbox. It grows while no broker answers, and empties by itself.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [{ expr: of('champion_events_outbox_rows'), legend: 'rows' }],
          mayBeEmpty: 'nothing is published without KAFKA_BROKERS',
        },
        {
          title: 'Events published',
          description: 'In the hour before, by topic, as Kafka acknowledged them.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [{ expr: `increase(${of('champion_events_published_total')}[1h])`, legend: '{{topic}}' }],
          mayBeEmpty: 'nothing is published without KAFKA_BROKERS',
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
