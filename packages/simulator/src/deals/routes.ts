import { type BusinessDate, ChampionError, daysBetween, instantAt, parseIsoDate, today } from '@champion/core';
import { Memo } from '../market/memo.ts';
import { FIRST_SESSION } from '../market/session-line.ts';
import type { GeneratedFilesOptions } from '../server/generated-files.ts';
import type { Route, Subject } from '../server/subject.ts';
import { type DayDeals, DealsBook } from './book.ts';
import { DEAL_KINDS } from './deal.ts';
import { apiCsv, apiJson, rollingCsv } from './spelling.ts';

const API = '/api/historicalOR/bulk-block-short-deals';
const ROLLING = { '/content/equities/bulk.csv': 'bulk_deals', '/content/equities/block.csv': 'block_deals' } as const;
/** Times of day, IST: the first deals of a session are disclosed, and all of them. */
const PARTIAL_FROM = '15:00';
const FINAL_FROM = '19:00';
const LONGEST_DAYS = 366;
/** A year's answer has two to five megabytes. */
const KEPT_ANSWERS = 4;

function refused(why: string, hint: string, context: Record<string, unknown>): ChampionError {
  return new ChampionError(why, { code: 'INVALID_INPUT', hint, context });
}

/** DD-MM-YYYY */
function readDate(text: string | null): BusinessDate | undefined {
  const parts = /^(\d{2})-(\d{2})-(\d{4})$/.exec(text ?? '');
  return parts ? parseIsoDate(`${parts[3]}-${parts[2]}-${parts[1]}`) : undefined;
}

/** The site's API of disclosed deals, and the archives' files that always hold the latest session's. */
export function dealsRoute({ seed, clock, calendar, publishAll }: GeneratedFilesOptions): Route {
  const answers = new Memo<string, Buffer>(KEPT_ANSWERS);
  let known: DealsBook | undefined;
  const book = (): DealsBook => {
    known ??= new DealsBook(seed, calendar);
    return known;
  };

  /** What is out of a session; undefined before anything is. */
  const out = (date: BusinessDate): DayDeals | undefined => {
    const now = today(clock);
    if (date < now || (date === now && (publishAll || clock.now() >= instantAt(date, FINAL_FROM))))
      return book().day(date);
    return date === now && clock.now() >= instantAt(date, PARTIAL_FROM) ? book().partial(date) : undefined;
  };

  const latest = (): BusinessDate => {
    const now = today(clock);
    return calendar.isSession(now) && out(now) ? now : calendar.previousSession(now);
  };

  const rolling = (path: keyof typeof ROLLING, date: BusinessDate): Subject => ({
    path,
    date,
    type: 'text/csv',
    exists: true,
    read: async () => {
      const day = out(date);
      return day && Buffer.from(rollingCsv(day, ROLLING[path]));
    },
    other: () => (date > FIRST_SESSION ? rolling(path, calendar.previousSession(date)) : undefined),
  });

  const span = (from: BusinessDate, to: BusinessDate, query: URLSearchParams): Subject => {
    const csv = query.get('csv') === 'true';
    return {
      path: API,
      date: to,
      type: csv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      exists: true,
      cookies: true,
      async read() {
        const kind = DEAL_KINDS.find((each) => each === query.get('optionType'));
        if (!kind) throw refused('no such optionType', `Use one of ${DEAL_KINDS.join(', ')}.`, { kinds: DEAL_KINDS });
        if (from > to || daysBetween(from, to) > LONGEST_DAYS)
          throw refused(`from ${from} to ${to} is not a span of at most a year`, 'Ask year by year.', { from, to });
        const end = today(clock) < to ? today(clock) : to;
        const spell = (): Buffer => {
          const days = calendar.sessions(from, end).flatMap((date) => out(date) ?? []);
          return Buffer.from(csv ? apiCsv(days, kind) : apiJson(days, kind));
        };
        // Today's deals may still be coming.
        return end < today(clock) ? answers.get(`${kind} ${csv} ${from} ${end}`, spell) : spell();
      },
      other: () =>
        from > FIRST_SESSION ? span(calendar.previousSession(from), calendar.previousSession(to), query) : undefined,
    };
  };

  return (path, query) => {
    if (path === '/content/equities/bulk.csv' || path === '/content/equities/block.csv') return rolling(path, latest());
    if (path !== API) return undefined;
    const [from, to] = [readDate(query.get('from')), readDate(query.get('to'))];
    if (from && to) return span(from, to, query);
    return {
      path,
      date: today(clock),
      type: 'application/json; charset=utf-8',
      exists: true,
      cookies: true,
      read: async () => {
        throw refused('from and to are not both dates', 'Write them as DD-MM-YYYY.', {});
      },
      other: () => undefined,
    };
  };
}
