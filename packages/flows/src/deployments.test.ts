import { fixedClock, TradingCalendar } from '@champion/core';
import { datasets } from '@champion/datasets';
import { checkDefinitions } from '@champion/engine';
import { describe, expect, it } from 'vitest';
import { marketFlows } from './combined.ts';
import { deployments } from './deployments.ts';
import type { Services } from './services.ts';

const nothing = () => Promise.reject(new Error('declaring a flow opens nothing'));
const services: Services = {
  get exchange(): never {
    throw new Error('declaring a flow opens nothing');
  },
  lake: nothing,
  warehouse: nothing,
  calendar: new TradingCalendar(),
  clock: fixedClock('2024-07-03T15:00:00Z'),
};
const flows = new Map(marketFlows(datasets, services).map((flow) => [flow.name, flow]));

describe('the deployments of the product', () => {
  it('fit their flows, and every flow has one', () => {
    checkDefinitions(deployments, flows);
    expect(deployments.map(({ flow }) => flow).sort()).toEqual([...flows.keys()].sort());
  });

  it('are named as people know them', () => {
    expect(deployments.map(({ flow, name }) => `${flow}/${name}`)).toEqual([
      'nse-bhavcopy-etl/nse-bhavcopy-daily',
      'bulk-block-deals-etl/bulk-block-deals-daily',
      'trading-calendar-etl/trading-calendar-quarterly',
      'index-constituents-etl/index-constituents-daily',
      'option-chain-etl/option-chain-intraday',
      'combined-market-data-etl/combined-market-data-daily',
      'symbol-master-etl/symbol-master-daily',
      'indices-close-etl/indices-close-daily',
      'market-gold-etl/market-gold-on-demand',
    ]);
    expect(deployments[0]).toMatchObject({
      version: '1.0.0',
      workQueue: 'default',
      schedules: [{ cron: '30 12 * * 1-5', timezone: 'UTC' }],
    });
  });
});
