import { clockTime, exactMoment, type InstantLike, relative, shortMoment, toDate } from '../lib/time.ts';
import { useNow } from './now.ts';

export interface TimeProps {
  readonly at: InstantLike | null | undefined;
  /**
   * both: "12 Jan 18:30 IST · 3 h ago"; short: without the zone, for columns headed "IST"; relative: only that; clock:
   * "18:30:05"; exact: "2026-01-12 18:30:05 IST". The exact moment is always in the tooltip.
   */
  readonly format?: 'both' | 'short' | 'relative' | 'clock' | 'exact';
}

/** How often what is shown can become another: a table of old moments need not be drawn again every few seconds. */
function stepOf(at: TimeProps['at'], format: TimeProps['format']): number {
  if (format === 'exact' || format === 'clock') return 3600;
  const isRecent = at !== null && at !== undefined && Math.abs(Date.now() - toDate(at).getTime()) < RECENT_MS;
  return isRecent && format !== 'short' ? 5 : 60;
}

/** Within it, relative times count in seconds. */
const RECENT_MS = 180_000;

/** A moment on the exchange's clock: 24 hours, Indian time. */
export function Time({ at, format = 'both' }: TimeProps) {
  const now = useNow(stepOf(at, format));
  if (at === null || at === undefined) return <span className="text-ink-3">–</span>;
  const date = toDate(at);
  return (
    <time dateTime={date.toISOString()} title={exactMoment(date)} className="whitespace-nowrap">
      {format === 'exact' ? (
        exactMoment(date)
      ) : format === 'clock' ? (
        clockTime(date)
      ) : format === 'relative' ? (
        relative(date, now)
      ) : format === 'short' ? (
        shortMoment(date, now)
      ) : (
        <>
          {shortMoment(date, now)} IST <span className="text-ink-3">· {relative(date, now)}</span>
        </>
      )}
    </time>
  );
}
