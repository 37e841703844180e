import { plural } from '@champion/core';
import type { TopicStatus } from '@champion/events';

/** What waits to be sent, over all topics. */
export interface EventsSummary {
  /** References to files. */
  readonly waiting: number;
  /** Their rows that Kafka has not acknowledged. */
  readonly waitingRows: number;
  readonly oldest: Date | null;
  readonly lastSentAt: Date | null;
  /** Null when what was tried last went well. */
  readonly failing: string | null;
}

export function summaryOf(topics: readonly TopicStatus[]): EventsSummary {
  const lastSentAt = latest(topics.map(({ lastSentAt: at }) => at));
  const failed = topics.filter(({ waiting, lastErrorAt }) => waiting > 0 && lastErrorAt !== null);
  const lastErrorAt = latest(failed.map(({ lastErrorAt: at }) => at));
  const failing = failed.find(
    (topic) => topic.lastErrorAt === lastErrorAt && (topic.lastErrorAt ?? 0) > (topic.lastSentAt ?? 0),
  );
  return {
    waiting: topics.reduce((sum, { waiting }) => sum + waiting, 0),
    waitingRows: topics.reduce((sum, { waitingRows }) => sum + waitingRows, 0),
    oldest: topics.reduce<Date | null>(
      (oldest, topic) => (oldest === null || (topic.oldest ?? oldest) < oldest ? topic.oldest : oldest),
      null,
    ),
    lastSentAt,
    failing: failing?.lastError ?? null,
  };
}

/** "2 files (5,600 rows) wait since 2026-01-09T12:00:00.000Z". */
export function waitingText({ waiting, waitingRows, oldest }: EventsSummary): string {
  if (waiting === 0) return 'nothing waits to be sent';
  const verb = waiting === 1 ? 'waits' : 'wait';
  return `${plural(waiting, 'file')} (${plural(waitingRows, 'row')}) ${verb} to be sent since ${oldest?.toISOString()}`;
}

function latest(times: readonly (Date | null)[]): Date | null {
  return times.reduce((last, at) => (at !== null && (last === null || at > last) ? at : last), null);
}
