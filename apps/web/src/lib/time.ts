import { addDays, type BusinessDate, businessDateAt } from '@champion/core';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Kolkata',
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

type Part = Intl.DateTimeFormatPartTypes;

function fields(at: Date): Partial<Record<Part, string>> {
  return Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** What an instant is given as: the API's text, a Date, or milliseconds since 1970. */
export type InstantLike = string | number | Date;

export function toDate(at: InstantLike): Date {
  return at instanceof Date ? at : new Date(at);
}

/** "18:30:05", on the exchange's clock. */
export function clockTime(at: InstantLike, precision: 'minute' | 'second' | 'millisecond' = 'second'): string {
  const date = toDate(at);
  const { hour, minute, second } = fields(date);
  if (precision === 'minute') return `${hour}:${minute}`;
  const tail = precision === 'millisecond' ? `.${String(date.getUTCMilliseconds()).padStart(3, '0')}` : '';
  return `${hour}:${minute}:${second}${tail}`;
}

/** "Mon 12 Jan 2026", on the exchange. */
export function dayName(at: InstantLike): string {
  const { weekday, day, month, year } = fields(toDate(at));
  return `${weekday} ${day} ${month} ${year}`;
}

/** "12 Jan 18:30", with the year when it is not this one: for tight places. */
export function shortMoment(at: InstantLike, now: InstantLike): string {
  const then = fields(toDate(at));
  const year = then.year === fields(toDate(now)).year ? '' : ` ${then.year}`;
  return `${then.day} ${then.month}${year} ${then.hour}:${then.minute}`;
}

/** "2026-01-12 18:30:05 IST": exact, sortable, with its zone. */
export function exactMoment(at: InstantLike, precision: 'second' | 'millisecond' = 'second'): string {
  const date = toDate(at);
  return `${businessDateAt(date)} ${clockTime(date, precision)} IST`;
}

/** "in 5 min", "3 h ago", "now". Rounds towards the smaller number, as people count. */
export function relative(at: InstantLike, now: InstantLike): string {
  const difference = toDate(at).getTime() - toDate(now).getTime();
  const size = Math.abs(difference);
  if (size < 5_000) return 'now';
  const amount =
    size < MINUTE
      ? `${Math.floor(size / 1000)} s`
      : size < HOUR
        ? `${Math.floor(size / MINUTE)} min`
        : size < 2 * DAY
          ? `${Math.floor(size / HOUR)} h`
          : size < 60 * DAY
            ? `${Math.floor(size / DAY)} days`
            : `${Math.floor(size / (30 * DAY))} months`;
  return difference > 0 ? `in ${amount}` : `${amount} ago`;
}

/** When the text of `relative` changes next at the earliest, in ms: what a clock beside it has to wait for. */
export function relativeStep(at: InstantLike, now: InstantLike): number {
  const size = Math.abs(toDate(at).getTime() - toDate(now).getTime());
  return size < MINUTE ? 1000 : size < HOUR ? 15_000 : 60_000;
}

/** Seconds as people read them: "0.84 s", "12.3 s", "5 m 42 s", "2 h 05 m", "3 d 4 h". */
export function duration(seconds: number): string {
  const size = Math.max(0, seconds);
  if (size < 0.0995) return `${Math.round(size * 1000)} ms`;
  if (size < 9.995) return `${size.toFixed(2)} s`;
  if (size < 59.95) return `${size.toFixed(1)} s`;
  const whole = Math.round(size);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  if (whole < 48 * 3600) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} m`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** "02:14:09" of a span in milliseconds, or "3 d 02:14:09": for countdowns. */
export function countdown(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(total / 86_400);
  const rest = `${two(Math.floor((total % 86_400) / 3600))}:${two(Math.floor((total % 3600) / 60))}:${two(total % 60)}`;
  return days === 0 ? rest : `${days} d ${rest}`;
}

/** A business date's first instant, and the first after it. */
export function dayBounds(date: BusinessDate): { readonly from: string; readonly to: string } {
  return { from: `${date}T00:00:00+05:30`, to: `${addDays(date, 1)}T00:00:00+05:30` };
}
