import { type BusinessDate, type Clock, instantAt, type TradingCalendar, today } from '@champion/core';
import { bhavcopyZip } from '../bhavcopy/bhavcopy.ts';
import { type BhavcopyFormat, formatsOf, type PublishedFile, publishedFile } from '../bhavcopy/eras.ts';
import { DELIVERY_FROM, deliveryCsv } from '../delivery/delivery.ts';
import { FIRST_SESSION } from '../market/session-line.ts';
import type { FileSource } from './files.ts';

/** Time of day, IST, from which a session's files are served. */
const PUBLICATION_TIME = '18:00';

const KEPT = 16;

export interface GeneratedFilesOptions {
  readonly seed: number;
  readonly clock: Clock;
  readonly calendar: TradingCalendar;
  /** Serve today's files before the publication time. */
  readonly publishAll: boolean;
}

/** The simulated market's files. The last few are kept, since a client that retries asks for the same again. */
export function generatedFiles({ seed, clock, calendar, publishAll }: GeneratedFilesOptions): FileSource {
  const kept = new Map<string, Promise<Buffer | undefined>>();

  const formatOf = ({ kind, date }: PublishedFile): BhavcopyFormat | undefined =>
    formatsOf(date).find((format) =>
      kind === 'legacy' ? format === 'legacy' : kind === 'udiff' && format !== 'legacy',
    );

  const published = (date: BusinessDate): boolean => {
    const now = today(clock);
    if (date !== now) return date < now;
    return publishAll || clock.now() >= instantAt(date, PUBLICATION_TIME);
  };

  /** The session of which a file tells: on a day without one, the delivery file repeats the session before. */
  const sessionOf = ({ kind, date }: PublishedFile): BusinessDate | undefined => {
    if (calendar.isSession(date)) return date;
    return kind === 'full' && date > FIRST_SESSION ? calendar.previousSession(date) : undefined;
  };

  const wasMade = (file: PublishedFile): boolean =>
    file.kind === 'full' ? file.date >= DELIVERY_FROM : formatOf(file) !== undefined;

  const has = (file: PublishedFile): boolean => {
    if (!wasMade(file) || file.date > today(clock)) return false;
    const session = sessionOf(file);
    return session !== undefined && published(session);
  };

  const make = async (file: PublishedFile): Promise<Buffer | undefined> => {
    const session = sessionOf(file);
    if (session === undefined) return undefined;
    if (file.kind === 'full') return Buffer.from(deliveryCsv({ seed, date: session, calendar }));
    const format = formatOf(file);
    return format && bhavcopyZip({ seed, date: session, format, calendar });
  };

  return {
    mode: 'generated',
    describe: () => ({ today: today(clock), publication: publishAll ? 'at once' : `${PUBLICATION_TIME} IST` }),
    has,
    async read(file) {
      const known = kept.get(file.path) ?? make(file);
      kept.delete(file.path);
      kept.set(file.path, known);
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT) break;
        kept.delete(oldest);
      }
      return known;
    },
    other(file) {
      const dates = [
        ...(file.date > FIRST_SESSION ? [calendar.previousSession(file.date)] : []),
        calendar.nextSession(file.date),
      ];
      return dates.map((date) => publishedFile(file.kind, date)).find(wasMade);
    },
  };
}
