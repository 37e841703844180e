import type { BusinessDate } from '@champion/core';
import { present, type RawSearch, readChoice, readDay, readText } from '../../lib/search-params.ts';

export interface MarketSearch {
  /** The session; default: the last one that is there. */
  readonly day?: BusinessDate | undefined;
}

export function readMarketSearch(raw: RawSearch): MarketSearch {
  return present<MarketSearch>({ day: readDay(raw.day) });
}

export const SPANS = ['3m', '1y', '5y', 'all'] as const;
export type Span = (typeof SPANS)[number];

export interface InstrumentSearch {
  readonly series?: string | undefined;
  readonly span?: Span | undefined;
}

export function readInstrumentSearch(raw: RawSearch): InstrumentSearch {
  return present<InstrumentSearch>({ series: readText(raw.series), span: readChoice(raw.span, SPANS) });
}

export interface OptionsSearch {
  readonly symbol?: string | undefined;
  readonly expiry?: BusinessDate | undefined;
  /** Every strike, not only those around the money. */
  readonly strikes?: 'all' | undefined;
}

export function readOptionsSearch(raw: RawSearch): OptionsSearch {
  return present<OptionsSearch>({
    symbol: readText(raw.symbol),
    expiry: readDay(raw.expiry),
    strikes: readChoice(raw.strikes, ['all'] as const),
  });
}
