import { type BusinessDate, type Clock, instantAt, type TradingCalendar, today } from '@champion/core';
import { bhavcopyPath, fullBhavcopyPath } from '../bhavcopy/eras.ts';
import { siteDate } from '../market/stamps.ts';

export interface DailyReportsOptions {
  readonly clock: Clock;
  readonly calendar: TradingCalendar;
  /** Files are listed before their time of publication, too. */
  readonly publishAll: boolean;
}

interface Report {
  readonly key: string;
  readonly name: string;
  /** Time of day, IST. */
  readonly from: string;
  path(date: BusinessDate): string;
}

const REPORTS: readonly Report[] = [
  {
    key: 'CM-UDIFF-BHAVCOPY-CSV',
    name: 'CM-UDiFF Common Bhavcopy Final (zip)',
    from: '18:00',
    path: (date) => bhavcopyPath(date, 'udiff_b'),
  },
  {
    key: 'CM-BHAVDATA-FULL',
    name: 'Full Bhavcopy and Security Deliverable data',
    from: '18:00',
    path: fullBhavcopyPath,
  },
  { key: 'CM-BULK-DEAL', name: 'Bulk Deals', from: '19:00', path: () => '/content/equities/bulk.csv' },
  { key: 'CM-BLOCK-DEAL', name: 'Block Deals', from: '19:00', path: () => '/content/equities/block.csv' },
];

/**
 * The site's list of the day's files. Days and keys are as public tools document them; the real list names many more
 * files, a size for each, and puts the archives' host before each folder.
 */
export function dailyReportsJson({ clock, calendar, publishAll }: DailyReportsOptions): string {
  const now = today(clock);
  const listed = (date: BusinessDate): object[] =>
    REPORTS.filter(({ from }) => date < now || publishAll || clock.now() >= instantAt(date, from)).map(
      ({ key, name, path }) => {
        const file = path(date);
        const cut = file.lastIndexOf('/') + 1;
        return {
          fileKey: key,
          displayName: name,
          filePath: file.slice(0, cut),
          fileActlName: file.slice(cut),
          tradingDate: siteDate(date),
        };
      },
    );
  return JSON.stringify({
    PreviousDay: listed(calendar.previousSession(now)),
    CurrentDay: calendar.isSession(now) ? listed(now) : [],
    FutureDay: [],
  });
}
