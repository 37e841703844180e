import { today } from '@champion/core';
import { Memo } from '../market/memo.ts';
import type { GeneratedFilesOptions } from '../server/generated-files.ts';
import type { Route } from '../server/subject.ts';
import type { MasterOptions } from './as-of.ts';
import { nameChangeCsv, symbolChangeCsv } from './changes.ts';
import { equityListCsv } from './equity-list.ts';

const LISTS: Readonly<Record<string, (options: MasterOptions) => string>> = {
  '/content/equities/EQUITY_L.csv': equityListCsv,
  '/content/equities/symbolchange.csv': symbolChangeCsv,
  '/content/equities/namechange.csv': nameChangeCsv,
};

/** The lists of listed companies and of their changes, always as of the clock's day. */
export function mastersRoute({ seed, clock, calendar }: GeneratedFilesOptions): Route {
  const kept = new Memo<string, Buffer>(Object.keys(LISTS).length);
  return (path) => {
    const list = Object.hasOwn(LISTS, path) ? LISTS[path] : undefined;
    if (!list) return undefined;
    const date = today(clock);
    return {
      path,
      date,
      type: 'text/csv',
      exists: true,
      read: async () => kept.get(`${path} ${date}`, () => Buffer.from(list({ seed, date, calendar }))),
      other: () => undefined,
    };
  };
}
