const formats = new Map<string, Intl.DateTimeFormat>();

/** The same for every spelling of the process's own zone: nothing here reads it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

/** The wall clock of a zone at an instant, as if it were UTC, in milliseconds; whole seconds. */
export function wallClock(zone: string, instant: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The day, YYYY-MM-DD, that a zone's calendar shows at an instant. */
export function dayAt(zone: string, instant: Date): string {
  return new Date(wallClock(zone, instant.getTime())).toISOString().slice(0, 10);
}

/** The first instant of a day in a zone. */
export function startOfDay(zone: string, day: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The offset at a guess is that of the day's start unless the clocks change between the two: hence twice.
  let instant = midnight;
  for (let i = 0; i < 2; i++) instant = midnight - (wallClock(zone, instant) - instant);
  // Where the clocks skip midnight the day begins later than its midnight would.
  return new Date(wallClock(zone, instant) < midnight ? instant + (midnight - wallClock(zone, instant)) : instant);
}

/** The day after, YYYY-MM-DD. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
