import type { Freshness } from '@champion/contract';
import { type BusinessDate, businessDateAt, type Clock, instantAt, type TradingCalendar } from '@champion/core';
import { slots } from '@champion/engine';
import { type Dataset, deployments, latestPublished } from '@champion/flows';
import { sessionCalendar } from '../../session-calendar.ts';
import type { LastLoaded } from './loaded.ts';

export interface FreshnessOf {
  readonly trade_date: BusinessDate | null;
  readonly expected_by: string | null;
  readonly state: Freshness;
}

/** Most schedules have been due within the first; the second is longer than any pause, of which the calendar's is a quarter. */
const LOOK_BACK_DAYS = [14, 200];
const DAY_MS = 86_400_000;

/**
 * Whether what should be here is. Of each session it is the latest that should be published; a state as of a day is asked
 * for when its schedule says, and stands until the next time.
 */
export function freshnessOf(
  dataset: Dataset,
  loaded: LastLoaded | null,
  { calendar, clock }: { readonly calendar: TradingCalendar; readonly clock: Clock },
): FreshnessOf {
  const expected =
    dataset.per === 'session' ? latestPublished(dataset, calendar, clock) : lastScheduled(dataset, calendar, clock);
  if (expected === undefined) {
    return { trade_date: null, expected_by: null, state: loaded === null ? 'missing' : 'fresh' };
  }
  const deadline = instantAt(expected, dataset.publication.deadline);
  const there = loaded?.complete != null && loaded.complete >= expected;
  return {
    trade_date: expected,
    expected_by: deadline.toISOString(),
    state: there ? 'fresh' : clock.now() < deadline ? 'late' : 'missing',
  };
}

/** The last day on which a schedule of the product asks for the dataset. */
function lastScheduled(dataset: Dataset, calendar: TradingCalendar, clock: Clock): BusinessDate | undefined {
  const now = clock.now();
  const rules = deployments.filter(({ flow }) => flow === dataset.flow.name).flatMap(({ schedules }) => schedules);
  const sessions = sessionCalendar(() => calendar);
  for (const days of LOOK_BACK_DAYS) {
    const since = new Date(now.getTime() - days * DAY_MS);
    const due = rules.flatMap((rule) => [...slots(rule, sessions, since, now)].filter(({ runs }) => runs));
    const last = due
      .map(({ at }) => at.getTime())
      .sort((a, b) => a - b)
      .at(-1);
    if (last !== undefined) return businessDateAt(new Date(last));
  }
  return undefined;
}
