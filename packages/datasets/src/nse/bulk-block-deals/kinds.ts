import type { BusinessDate, Slice } from '@champion/core';
import { saysNothingOfItsDay } from './undated.ts';

/** The three lists that the exchange discloses, by the slice that each is. */
export const KINDS = {
  'bulk-deals': { dealType: 'BULK', metric: 'bulk_deals_count', rolling: 'bulk-deals-rolling' },
  'block-deals': { dealType: 'BLOCK', metric: 'block_deals_count', rolling: 'block-deals-rolling' },
  'short-selling': { dealType: 'SHORT', metric: 'short_selling_count', rolling: undefined },
} as const;

export type SliceName = keyof typeof KINDS;
export type DealType = (typeof KINDS)[SliceName]['dealType'];

/** The rolling file of the other list: it tells the day of one that holds no deals. */
export const WITNESS = { 'bulk-deals': 'block-deals-rolling', 'block-deals': 'bulk-deals-rolling' } as const;

export function sliceName(slice: Slice): SliceName {
  if (slice.name in KINDS) return slice.name as SliceName;
  throw new RangeError(`there is no list of deals called ${slice.name}`);
}

/** Each list by itself, so that one that fails does not take the others with it. */
export function slicesOn(date: BusinessDate): readonly Slice[] {
  return (Object.keys(KINDS) as SliceName[]).map((name) => {
    const { dealType, rolling } = KINDS[name];
    const ask = (endpoint: string) => ({ endpoint, date, extension: 'csv' });
    const slice: Slice = {
      name,
      scope: { deal_type: dealType },
      inputs: [{ name, requests: rolling === undefined ? [ask(name)] : [ask(name), ask(rolling)] }],
    };
    if (name === 'short-selling') return slice;
    const witness = WITNESS[name];
    return {
      ...slice,
      follow: (files) => {
        const file = files[name];
        if (file === undefined || !saysNothingOfItsDay(file)) return [];
        return [{ name: witness, requests: [ask(witness)], optional: true }];
      },
    };
  });
}
