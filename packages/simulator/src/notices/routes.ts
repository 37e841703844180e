import { dateForms, today } from '@champion/core';
import type { GeneratedFilesOptions } from '../server/generated-files.ts';
import type { Route } from '../server/subject.ts';
import { dailyReportsJson } from './daily-reports.ts';
import { holidayMasterJson } from './holiday-master.ts';

/** What the site tells of itself: holidays of the clock's year, and the files of the day. */
export function noticesRoute({ clock, calendar, publishAll }: GeneratedFilesOptions): Route {
  return (path, query) => {
    const subject = { path, date: today(clock), type: 'application/json; charset=utf-8', other: () => undefined };
    if (path === '/api/holiday-master') {
      return {
        ...subject,
        exists: query.get('type') === 'trading',
        cookies: true,
        read: async () => Buffer.from(holidayMasterJson({ year: Number(dateForms.year(today(clock))), calendar })),
      };
    }
    if (path === '/api/daily-reports') {
      return {
        ...subject,
        exists: query.get('key') === 'CM',
        read: async () => Buffer.from(dailyReportsJson({ clock, calendar, publishAll })),
      };
    }
    return undefined;
  };
}
