import type { MarketToday } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { marketQueries } from '../features/market/queries.ts';
import { clockTime, countdown, dayName } from '../lib/time.ts';
import { useNow } from '../ui/now.ts';

/** What the session is doing now, and what comes next: words, and the moment to count down to. */
export function sessionNow(today: MarketToday, now: number): { state: string; next: string; at: number | null } {
  const opens = today.opens_at === null ? null : Date.parse(today.opens_at);
  const closes = today.closes_at === null ? null : Date.parse(today.closes_at);
  const nextOpens = today.next_opens_at === null ? null : Date.parse(today.next_opens_at);
  if (opens !== null && closes !== null && now >= opens && now < closes)
    return { state: 'Open', next: 'closes in', at: closes };
  const state = today.state === 'holiday' ? 'Holiday' : today.day.kind === 'weekend' ? 'Weekend' : 'Closed';
  const upcoming = [opens, nextOpens].find((at) => at !== null && at > now) ?? null;
  return { state, next: 'opens in', at: upcoming };
}

/** "NSE ▲ Open · closes in 02:14:09". */
export function SessionState() {
  const { data: today } = useQuery(marketQueries.today());
  const now = useNow(1);
  if (today === undefined) return <span className="text-sm text-ink-3">NSE</span>;
  const { state, next, at } = sessionNow(today, now);
  const open = state === 'Open';
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-sm whitespace-nowrap" title={today.day.name ?? undefined}>
      <span className="text-ink-3 max-sm:hidden">NSE</span>
      <svg
        aria-hidden="true"
        width="9"
        height="9"
        viewBox="0 0 10 10"
        className={open ? 'text-completed' : 'text-ink-3'}
      >
        {open ? (
          <path d="M5 .5 9.5 9.5h-9z" fill="currentColor" />
        ) : (
          <rect x="1" y="1" width="8" height="8" fill="none" stroke="currentColor" strokeWidth="1.5" />
        )}
      </svg>
      <span className="font-medium">{state}</span>
      {at === null ? null : (
        <span className="truncate text-ink-2">
          <span className="max-sm:hidden">{next} </span>
          {at - now > 36 * 3_600_000 ? dayName(at) : countdown(at - now)}
        </span>
      )}
    </span>
  );
}

/** The exchange's clock: "Mon 12 Jan 2026 18:30:05 IST". */
export function IstClock() {
  const now = useNow(1);
  return (
    <time dateTime={new Date(now).toISOString()} className="text-sm whitespace-nowrap text-ink-2">
      <span className="max-lg:hidden">{dayName(now)} </span>
      <span className="font-medium text-ink">{clockTime(now)}</span> IST
    </time>
  );
}
