import {
  type BusinessDate,
  ChampionError,
  type Clock,
  type DatasetDefinition,
  instantAt,
  type TradingCalendar,
  today,
} from '@champion/core';

type Published = Pick<DatasetDefinition<unknown>, 'title' | 'publication'>;

/** The latest session whose file the exchange should have begun to publish by now. */
export function latestPublished(dataset: Published, calendar: TradingCalendar, clock: Clock): BusinessDate {
  const day = today(clock);
  const appeared = clock.now() >= instantAt(day, dataset.publication.from);
  return calendar.isSession(day) && appeared ? day : calendar.previousSession(day);
}

/** Says that a session's file cannot exist yet, without asking the exchange; undefined when it may. */
export function tooEarly(dataset: Published, date: BusinessDate, clock: Clock): ChampionError | undefined {
  return clock.now() < instantAt(date, dataset.publication.from) ? notPublishedYet(dataset, date) : undefined;
}

/** What "not found" means for a session's file: not there yet, or missing after its deadline. */
export function absence(
  dataset: Published,
  date: BusinessDate,
  asked: readonly string[],
  calendar: TradingCalendar,
  clock: Clock,
): ChampionError {
  if (clock.now() < instantAt(date, dataset.publication.deadline)) return notPublishedYet(dataset, date, asked);
  const known = calendar.holidaysKnown(date);
  return new ChampionError(`the exchange has no ${dataset.title} for ${date}`, {
    code: 'MISSING',
    hint: known
      ? `${date} was a session, so the file should exist: look on the exchange's site, then import it with: champion import FILE`
      : `The holidays of ${date.slice(0, 4)} are not in the calendar: ${date} may have been one. If not, import the file with: champion import FILE`,
    context: { trade_date: date, asked },
  });
}

function notPublishedYet(dataset: Published, date: BusinessDate, asked: readonly string[] = []): ChampionError {
  return new ChampionError(`the exchange has not published the ${dataset.title} of ${date} yet`, {
    code: 'NOT_PUBLISHED_YET',
    hint: `It appears between ${dataset.publication.from} and ${dataset.publication.deadline} IST on the day: run again then.`,
    context: { trade_date: date, asked },
  });
}
