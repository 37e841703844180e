import { highIsGood, lowIsGood } from './panel.mjs';

const REQUESTS = 'champion_exchange_requests_total';
const SECONDS = 'champion_exchange_request_duration_seconds';
const FAILED = 'outcome=~"blocked|unreachable|timeout|corrupt|internal|other"';

/**
 * Requests are told by the process that makes them, so all of them are summed.
 * @type {import('./panel.mjs').Dashboard}
 */
export const exchange = {
  uid: 'champion-exchange',
  title: 'Champion: exchange',
  description: 'How the exchange treats us: what we ask, how it answers, and how fast.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Blocked',
          description: 'Requests that the exchange refused in the hour before. Above 0: wait, and do not ask on.',
          type: 'stat',
          unit: 'none',
          width: 6,
          height: 5,
          steps: lowIsGood(1, 1),
          queries: [{ expr: `sum(increase(${REQUESTS}{outcome="blocked"}[1h]))` }],
        },
        {
          title: 'Requests',
          description: 'Requests in the hour before, visits for cookies included.',
          type: 'stat',
          unit: 'none',
          width: 6,
          height: 5,
          queries: [{ expr: `sum(increase(${REQUESTS}[1h]))` }],
        },
        {
          title: 'Answered',
          description: 'Share of the requests of the range shown that had a usable answer; "not found" is one.',
          type: 'gauge',
          unit: 'percentunit',
          width: 6,
          height: 5,
          min: 0,
          max: 1,
          steps: highIsGood(0.9, 0.99),
          queries: [
            {
              expr: `1 - sum(increase(${REQUESTS}{${FAILED}}[$__range])) / (sum(increase(${REQUESTS}[$__range])) > 0)`,
            },
          ],
        },
        {
          title: 'Runs that the exchange made fail',
          description:
            "Runs that ended for the exchange's sake in the hour before, also of workers that are not scraped.",
          type: 'stat',
          unit: 'none',
          width: 6,
          height: 5,
          steps: lowIsGood(1, 10),
          queries: [
            {
              expr: 'sum by (code) (increase(champion_flow_run_failures_total{instance="$instance", code=~"blocked|unreachable|timeout|missing|corrupt"}[1h]))',
              legend: '{{code}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Requests',
      panels: [
        {
          title: 'By outcome',
          description: 'Requests per second by what their answer meant. We ask 3 times a second and host at most.',
          type: 'timeseries',
          unit: 'reqps',
          width: 12,
          min: 0,
          stacked: true,
          queries: [{ expr: `sum by (outcome) (rate(${REQUESTS}[$__rate_interval]))`, legend: '{{outcome}}' }],
        },
        {
          title: 'By endpoint',
          description: 'Requests per second by what was asked for.',
          type: 'timeseries',
          unit: 'reqps',
          width: 12,
          min: 0,
          stacked: true,
          queries: [{ expr: `sum by (endpoint) (rate(${REQUESTS}[$__rate_interval]))`, legend: '{{endpoint}}' }],
        },
        {
          title: 'Failures by endpoint',
          description: 'Requests without a usable answer, in the hour before.',
          type: 'timeseries',
          unit: 'none',
          width: 12,
          min: 0,
          stacked: true,
          queries: [
            {
              expr: `sum by (endpoint, outcome) (increase(${REQUESTS}{${FAILED}}[1h])) > 0`,
              legend: '{{endpoint}} {{outcome}}',
            },
          ],
          mayBeEmpty: 'no request fails while all is well',
        },
        {
          title: 'Bytes received',
          description: 'Bytes per second of answers, decoded.',
          type: 'timeseries',
          unit: 'Bps',
          width: 12,
          min: 0,
          stacked: true,
          queries: [
            {
              expr: 'sum by (endpoint) (rate(champion_exchange_response_bytes_total[$__rate_interval]))',
              legend: '{{endpoint}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Latency',
      panels: [
        {
          title: 'Time to answer',
          description:
            'From sending a request to the end of its answer: half, 95 % and 99 % of those of the hour before.',
          type: 'timeseries',
          unit: 's',
          width: 12,
          min: 0,
          queries: [0.5, 0.95, 0.99].map((quantile) => ({
            expr: `histogram_quantile(${quantile}, sum by (le) (increase(${SECONDS}_bucket[1h])))`,
            legend: `${quantile * 100} %`,
          })),
        },
        {
          title: 'Time to answer by endpoint',
          description: '95 % of the requests of the hour before were answered faster.',
          type: 'timeseries',
          unit: 's',
          width: 12,
          min: 0,
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (endpoint, le) (increase(${SECONDS}_bucket[1h])))`,
              legend: '{{endpoint}}',
            },
          ],
        },
      ],
    },
  ],
};
