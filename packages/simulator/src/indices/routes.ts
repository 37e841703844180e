import { type BusinessDate, instantAt, parseIsoDate, today } from '@champion/core';
import { momentAt } from '../market/hours.ts';
import { Memo } from '../market/memo.ts';
import type { GeneratedFilesOptions } from '../server/generated-files.ts';
import type { Route, Subject } from '../server/subject.ts';
import { findIndex, INDICES } from './catalogue.ts';
import { indexCloseCsv, indexClosePath } from './close-file.ts';
import { CONSTITUENT_SHAPES, constituentsCsv, constituentsJson } from './constituents.ts';
import { FIRST_INDEX_DAY } from './index-market.ts';
import { allIndicesJson, marketStatusJson } from './live.ts';

/** Time of day, IST, from which a session's members and closing values are published. */
const PUBLICATION_TIME = '18:30';
const KEPT = 24;
const JSON_TYPE = 'application/json; charset=utf-8';
const CSV_TYPE = 'text/csv';

/** Members of indices, daily closing values, the list of all indices and the market's status. */
export function indexRoutes({ seed, clock, calendar, publishAll }: GeneratedFilesOptions): Route {
  const texts = new Memo<string, Buffer>(KEPT);

  const published = (date: BusinessDate): boolean => {
    const now = today(clock);
    if (date !== now) return date < now;
    return publishAll || clock.now() >= instantAt(date, PUBLICATION_TIME);
  };

  /** The last session that is published. */
  const latest = (): BusinessDate => {
    const now = today(clock);
    return calendar.isSession(now) && published(now) ? now : calendar.previousSession(now);
  };

  /** What changes once a session: the same under every session's date. */
  const daily = (
    path: string,
    type: string,
    date: BusinessDate,
    cookies: boolean,
    make: (date: BusinessDate) => string,
    key = path,
  ): Subject => ({
    path,
    date,
    type,
    cookies,
    exists: date >= FIRST_INDEX_DAY && calendar.isSession(date) && published(date),
    read: async () => texts.get(`${key} ${date}`, () => Buffer.from(make(date))),
    other: () =>
      date > FIRST_INDEX_DAY
        ? daily(path, type, calendar.previousSession(date), cookies, make, key)
        : daily(path, type, calendar.nextSession(date), cookies, make, key),
  });

  const live = (path: string, make: (at: Date) => string): Subject => {
    const { date } = momentAt(clock.now(), calendar);
    return {
      path,
      date,
      type: JSON_TYPE,
      exists: date > FIRST_INDEX_DAY,
      read: async () => Buffer.from(make(clock.now())),
      other: () => ({
        ...live(path, make),
        read: async () => Buffer.from(make(instantAt(calendar.previousSession(date), '23:59'))),
      }),
    };
  };

  const closeFile = (path: string): Subject | undefined => {
    const parts = /^\/content\/indices\/ind_close_all_(\d{2})(\d{2})(\d{4})\.csv$/.exec(path);
    const date = parts ? parseIsoDate(`${parts[3]}-${parts[2]}-${parts[1]}`) : undefined;
    if (!date) return undefined;
    const of = (day: BusinessDate): Subject => ({
      ...daily(
        indexClosePath(day),
        CSV_TYPE,
        day,
        false,
        (session) => indexCloseCsv({ seed, date: session, calendar }),
        'close',
      ),
      other: () => of(day > FIRST_INDEX_DAY ? calendar.previousSession(day) : calendar.nextSession(day)),
    });
    return of(date);
  };

  return (path, query) => {
    switch (path) {
      case '/api/equity-stock-indices': {
        const index = findIndex(query.get('index') ?? '');
        if (!index) return unknown(path, latest());
        const shape = CONSTITUENT_SHAPES.find((known) => known === query.get('shape'));
        const make = (date: BusinessDate): string =>
          constituentsJson({ seed, date, index: index.name, calendar, ...(shape ? { shape } : {}) });
        return daily(path, JSON_TYPE, latest(), true, make, `${path} ${index.name} ${shape}`);
      }
      case '/api/allIndices':
        return live(path, (at) => allIndicesJson({ seed, at, calendar }));
      case '/api/marketStatus':
        return live(path, (at) => marketStatusJson({ seed, at, calendar }));
      default: {
        const listed = INDICES.find(({ listFile }) => path === `/content/indices/${listFile}`);
        if (!listed) return closeFile(path);
        return daily(path, CSV_TYPE, latest(), false, (date) =>
          constituentsCsv({ seed, date, index: listed.name, calendar }),
        );
      }
    }
  };
}

/** The site answers an empty object about what it does not know. */
function unknown(path: string, date: BusinessDate): Subject {
  return {
    path,
    date,
    type: JSON_TYPE,
    cookies: true,
    exists: true,
    read: async () => Buffer.from('{}'),
    other: () => undefined,
  };
}
