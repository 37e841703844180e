import { instantAt, parseExchangeDate } from '@champion/core';
import { FIRST_INDEX_DAY } from '../indices/index-market.ts';
import { momentAt } from '../market/hours.ts';
import { Memo } from '../market/memo.ts';
import type { GeneratedFilesOptions } from '../server/generated-files.ts';
import type { Route, Subject } from '../server/subject.ts';
import { chainMoment, contractInfoJson, optionChainJson } from './chain.ts';
import { findUnderlying } from './contracts.ts';

const KEPT = 24;
const NOTHING = '{}';
const KINDS: Readonly<Record<string, 'index' | 'share'>> = { Indices: 'index', Equity: 'share' };
/** The exchange took these away in December 2025: they are served only to who asks for them by ?shape=v2. */
const FORMER: Readonly<Record<string, 'index' | 'share'>> = {
  '/api/option-chain-indices': 'index',
  '/api/option-chain-equities': 'share',
};

/** Option chains and the contracts in them, as of now. */
export function optionRoutes({ seed, clock, calendar }: GeneratedFilesOptions): Route {
  const texts = new Memo<string, Buffer>(KEPT);

  const live = (path: string, symbol: string, key: string, make: (at: Date) => string, at = clock.now()): Subject => {
    const underlying = findUnderlying(symbol);
    // What nobody writes options on has no session of its own; its empty answer belongs to that of the rest.
    const moment = underlying ? chainMoment(seed, underlying, at, calendar) : momentAt(at, calendar);
    return {
      path,
      date: moment.date,
      type: 'application/json; charset=utf-8',
      cookies: true,
      exists: moment.date > FIRST_INDEX_DAY,
      read: async () => texts.get(`${key} ${moment.at.getTime()}`, () => Buffer.from(make(at))),
      other: () => live(path, symbol, key, make, instantAt(calendar.previousSession(moment.date), '23:59')),
    };
  };

  return (path, query) => {
    const symbol = query.get('symbol') ?? '';
    const kind = findUnderlying(symbol)?.kind;
    if (path === '/api/option-chain-contract-info') {
      return live(path, symbol, `${path} ${symbol}`, (at) => contractInfoJson({ seed, at, symbol, calendar }));
    }
    if (path === '/api/option-chain-v3') {
      const asked = query.get('expiry') ?? '';
      const expiry = parseExchangeDate(asked);
      const known = expiry !== undefined && KINDS[query.get('type') ?? ''] === kind && kind !== undefined;
      const make = (at: Date): string => (known ? optionChainJson({ seed, at, symbol, expiry, calendar }) : NOTHING);
      return live(path, symbol, `${path} ${symbol} ${known ? expiry : ''}`, make);
    }
    const former = FORMER[path];
    if (former === undefined || query.get('shape') !== 'v2') return undefined;
    const make = (at: Date): string =>
      kind === former ? optionChainJson({ seed, at, symbol, shape: 'v2', calendar }) : NOTHING;
    return live(path, symbol, `${path} ${symbol}`, make);
  };
}
