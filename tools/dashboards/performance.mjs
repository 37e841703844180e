import { highIsGood, lowIsGood, of } from './panel.mjs';

const FLOW = 'champion_flow_run_duration_seconds';
const TASK = 'champion_task_run_duration_seconds';
/** The kinds of task, each with the time that a session's should take at most. */
const KINDS = [
  { kind: 'scrape', seconds: 2 },
  { kind: 'parse', seconds: 1 },
  { kind: 'normalize', seconds: 0.5 },
  { kind: 'write', seconds: 2 },
  { kind: 'load', seconds: 5 },
];

/** @type {import('./panel.mjs').Dashboard} */
export const performance = {
  uid: 'champion-performance',
  title: 'Champion: performance',
  description: 'How long things take, and what they take.',
  rows: [
    {
      title: 'Flows',
      panels: [
        {
          title: 'Duration of flows, half of the runs',
          description: 'Half of the runs that completed in the range shown took less.',
          type: 'bargauge',
          unit: 's',
          min: 0,
          steps: lowIsGood(60, 600),
          queries: [
            {
              expr: `histogram_quantile(0.5, sum by (flow, le) (increase(${of(`${FLOW}_bucket`, 'state="completed"')}[$__range])))`,
              legend: '{{flow}}',
            },
          ],
        },
        {
          title: 'Duration of flows, 95 %',
          description: '95 % of the runs that completed in the hour before took less. Above 10 minutes an alert fires.',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (flow, le) (increase(${of(`${FLOW}_bucket`, 'state="completed"')}[1h])))`,
              legend: '{{flow}}',
            },
          ],
        },
        {
          title: 'Duration of the last run',
          description: 'How long the latest run of each flow took.',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [{ expr: of('champion_flow_last_run_duration_seconds'), legend: '{{flow}}' }],
        },
      ],
    },
    {
      title: 'Tasks',
      panels: [
        ...KINDS.map(({ kind, seconds }) => ({
          title: `Tasks: ${kind}`,
          description: `Mean duration of the ${kind} tasks that completed in the hour before, by flow. The target is ${seconds} s for a session's file.`,
          type: /** @type {const} */ ('timeseries'),
          unit: 's',
          min: 0,
          queries: [
            {
              expr:
                `sum by (flow) (increase(${of(`${TASK}_sum`, `task=~"${kind}_.*", state="completed"`)}[1h])) / ` +
                `(sum by (flow) (increase(${of(`${TASK}_count`, `task=~"${kind}_.*", state="completed"`)}[1h])) > 0)`,
              legend: '{{flow}}',
            },
          ],
        })),
        {
          title: 'Slowest tasks',
          description: 'The ten tasks of which 95 % took longest, over the range shown.',
          type: 'bargauge',
          unit: 's',
          min: 0,
          steps: lowIsGood(5, 60),
          queries: [
            {
              expr: `topk(10, histogram_quantile(0.95, sum by (flow, task, le) (increase(${of(`${TASK}_bucket`, 'state="completed"')}[$__range]))) > 0)`,
              legend: '{{flow}} {{task}}',
            },
          ],
        },
        {
          title: 'Throughput',
          description: 'Rows loaded per second while runs load, over an hour.',
          type: 'timeseries',
          unit: 'rowsps',
          width: 24,
          min: 0,
          queries: [
            { expr: `sum by (dataset) (rate(${of('champion_dataset_rows_loaded_total')}[1h]))`, legend: '{{dataset}}' },
          ],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          title: 'Memory',
          description:
            'Resident memory of the server and of workers that are scraped. ClickHouse inside the process is in it.',
          type: 'timeseries',
          unit: 'bytes',
          min: 0,
          queries: [
            { expr: 'process_resident_memory_bytes{job=~"champion.*"}', legend: '{{instance}} resident' },
            { expr: 'nodejs_heap_size_used_bytes{job=~"champion.*"}', legend: '{{instance}} JavaScript' },
          ],
        },
        {
          title: 'Processor',
          description: 'Share of one core that each process uses; above 1 it uses several.',
          type: 'timeseries',
          unit: 'percentunit',
          min: 0,
          queries: [
            {
              expr: 'rate(process_cpu_seconds_total{job=~"champion.*"}[$__rate_interval])',
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Lag of the event loop',
          description: 'How late the process gets to what is due, 99 % of the time. Above a second answers are slow.',
          type: 'timeseries',
          unit: 's',
          min: 0,
          queries: [{ expr: 'nodejs_eventloop_lag_p99_seconds{job=~"champion.*"}', legend: '{{instance}}' }],
        },
        {
          title: 'Garbage collection',
          description: 'Share of the time that goes into collecting garbage.',
          type: 'timeseries',
          unit: 'percentunit',
          min: 0,
          queries: [
            {
              expr: 'sum by (instance) (rate(nodejs_gc_duration_seconds_sum{job=~"champion.*"}[$__rate_interval]))',
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Open files',
          description: 'File descriptors in use, as a share of what the process may have.',
          type: 'timeseries',
          unit: 'percentunit',
          min: 0,
          queries: [
            {
              expr: 'process_open_fds{job=~"champion.*"} / process_max_fds{job=~"champion.*"}',
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Running since',
          description: 'When each process started, and which version it is.',
          type: 'table',
          unit: 'dateTimeFromNow',
          queries: [
            {
              expr: 'process_start_time_seconds{job=~"champion.*"} * on (instance) group_left (version, node) champion_build_info * 1000',
              format: 'table',
            },
          ],
        },
      ],
    },
    {
      title: 'Stores',
      panels: [
        {
          title: 'Answer of the stores',
          description: 'How long each store takes to answer the smallest question.',
          type: 'timeseries',
          unit: 's',
          width: 12,
          min: 0,
          queries: [{ expr: of('champion_store_probe_duration_seconds'), legend: '{{store}}' }],
        },
        {
          title: 'Disk of the data folder',
          description: 'Free and whole size.',
          type: 'timeseries',
          unit: 'bytes',
          width: 6,
          min: 0,
          queries: [
            { expr: of('champion_home_disk_free_bytes'), legend: 'free' },
            { expr: of('champion_home_disk_size_bytes'), legend: 'size' },
          ],
        },
        {
          title: 'Disk used',
          description: 'Used share of the disk of the data folder.',
          type: 'gauge',
          unit: 'percentunit',
          width: 6,
          min: 0,
          max: 1,
          steps: lowIsGood(0.8, 0.9),
          queries: [{ expr: `1 - ${of('champion_home_disk_free_bytes')} / ${of('champion_home_disk_size_bytes')}` }],
        },
        {
          title: 'Availability of the server',
          description: 'Share of the scrapes in the range shown that the server answered. The target is 99.9 %.',
          type: 'gauge',
          unit: 'percentunit',
          width: 6,
          min: 0,
          max: 1,
          steps: highIsGood(0.99, 0.999),
          queries: [{ expr: `avg_over_time(${of('up')}[$__range])` }],
        },
      ],
    },
  ],
};
