import type { Freshness } from '@champion/contract';
import type { Style } from '../output/style.ts';
import { count } from '../output/text.ts';

/** "just now", "12 s ago", "5 min ago", "3 h ago", "2 days ago". */
export function ago(at: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(at)) / 1000);
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? '1 day ago' : `${count(days)} days ago`;
}

/** "850 MB", "1.2 GB". */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const amount = value / 1000 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

/** "98.5 %"; "–" of nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (part / whole) * 100;
  // Nothing but all of it is a hundred percent.
  return `${part === whole ? '100' : Math.min(percent, 99.9).toFixed(1)} %`;
}

const signs = { fresh: '✓', late: '◷', missing: '✗' } as const;
const colours = { fresh: 'green', late: 'yellow', missing: 'red' } as const;

export function freshWord(state: Freshness, style: Style): string {
  return style[colours[state]](`${signs[state]} ${state}`);
}

/** How many of what are fresh, late, missing; what none is, is left out. */
export function freshTally(states: readonly Freshness[], style: Style): string {
  const kinds = ['missing', 'late', 'fresh'] as const;
  return kinds
    .map((kind) => [kind, states.filter((state) => state === kind).length] as const)
    .filter(([, many]) => many > 0)
    .map(([kind, many]) => style[colours[kind]](`${signs[kind]} ${many} ${kind}`))
    .join('  ');
}

/** "23 Nov 18:30" in the zone of the exchange. */
const marketClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Kolkata',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

export function marketTime(at: string): string {
  return `${marketClock.format(new Date(at)).replace(',', '')} IST`;
}
