import { type DeploymentDefinition, deployment } from '@champion/engine';

const IST = 'Asia/Kolkata';
const session = { version: '1.0.0', sessionParameter: 'trade_date' };

/**
 * The deployments that the product comes with. All but the quarterly one follow the exchange's calendar: a holiday is
 * told as "no session", weekend sessions run, and after an evening session (Muhurat) a run waits until its files can be
 * there. A file that stays published is caught up with for each session missed; what the exchange only tells of the
 * present is not, or only once.
 */
export const deployments: readonly DeploymentDefinition[] = [
  deployment({
    ...session,
    flow: 'nse-bhavcopy-etl',
    name: 'nse-bhavcopy-daily',
    description: 'End-of-day prices of each session, at 18:00 IST',
    tags: ['nse', 'daily'],
    schedules: [
      {
        slug: 'evening',
        cron: '30 12 * * 1-5',
        timezone: 'UTC',
        calendar: { sessions: 'only', notBeforeCloseMinutes: 120 },
        catchUp: 'all',
      },
    ],
  }),
  deployment({
    ...session,
    flow: 'bulk-block-deals-etl',
    name: 'bulk-block-deals-daily',
    description: 'Deals of each session: what is there at 15:00 IST, and the final lists at 19:30 IST',
    tags: ['nse', 'daily'],
    schedules: [
      {
        slug: 'afternoon',
        cron: '0 15 * * 1-5',
        timezone: IST,
        // Before an evening session there is nothing yet.
        calendar: { sessions: 'only', kinds: ['regular', 'special'] },
        catchUp: 'none',
      },
      {
        slug: 'final',
        cron: '30 19 * * 1-5',
        timezone: IST,
        calendar: { sessions: 'only', notBeforeCloseMinutes: 180 },
        catchUp: 'all',
      },
    ],
  }),
  deployment({
    flow: 'trading-calendar-etl',
    name: 'trading-calendar-quarterly',
    version: '1.0.0',
    description: 'The holiday list, on the first day of each quarter',
    tags: ['nse', 'quarterly'],
    schedules: [{ slug: 'quarterly', cron: '30 6 1 1,4,7,10 *', timezone: IST, catchUp: 'latest' }],
  }),
  deployment({
    ...session,
    flow: 'index-constituents-etl',
    name: 'index-constituents-daily',
    description: 'Members of the indices on each session, at 19:00 IST',
    tags: ['nse', 'daily'],
    schedules: [
      {
        slug: 'evening',
        cron: '0 19 * * *',
        timezone: IST,
        calendar: { sessions: 'only', notBeforeCloseMinutes: 180 },
        catchUp: 'latest',
      },
    ],
  }),
  deployment({
    ...session,
    flow: 'option-chain-etl',
    name: 'option-chain-intraday',
    description: 'Option chains every 30 minutes while the exchange trades, and once after its close',
    tags: ['nse', 'intraday'],
    schedules: [
      {
        slug: 'session',
        // Until 19:45, for evening sessions; of each session only what lies within its hours counts.
        cron: '15,45 9-19 * * 1-5',
        timezone: IST,
        // The closing auction ends five minutes after the close.
        calendar: { sessions: 'only', hours: 'session', afterCloseMinutes: 10 },
        catchUp: 'none',
      },
    ],
  }),
  deployment({
    ...session,
    flow: 'combined-market-data-etl',
    name: 'combined-market-data-daily',
    description: 'All datasets of each session, gold and the report, at 20:00 IST',
    tags: ['nse', 'daily', 'combined'],
    schedules: [
      {
        slug: 'night',
        cron: '0 20 * * 1-5',
        timezone: IST,
        calendar: { sessions: 'only', notBeforeCloseMinutes: 240 },
        catchUp: 'all',
      },
    ],
  }),
  deployment({
    flow: 'symbol-master-etl',
    name: 'symbol-master-daily',
    version: '1.0.0',
    description: 'Listed companies with their former symbols and names, before each session opens',
    tags: ['nse', 'daily'],
    schedules: [
      {
        slug: 'morning',
        cron: '30 8 * * 1-5',
        timezone: IST,
        calendar: { sessions: 'only' },
        catchUp: 'latest',
      },
    ],
  }),
  deployment({
    ...session,
    flow: 'indices-close-etl',
    name: 'indices-close-daily',
    description: 'End-of-day levels of every index, at 19:00 IST',
    tags: ['nse', 'daily'],
    schedules: [
      {
        slug: 'evening',
        cron: '0 19 * * 1-5',
        timezone: IST,
        calendar: { sessions: 'only', notBeforeCloseMinutes: 180 },
        catchUp: 'all',
      },
    ],
  }),
  deployment({
    flow: 'market-gold-etl',
    name: 'market-gold-on-demand',
    version: '1.0.0',
    description: 'Gold of a session anew, for example after a correction; the combined flow computes it each evening',
    tags: ['gold'],
  }),
];
