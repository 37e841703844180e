/** "2026-11-23 18:30:05" in the machine's time zone. */
export function localTime(at: Date): string {
  const [date, time] = parts(at);
  return `${date} ${time}`;
}

/** "18:30:05" for today, "2026-11-23 18:30" for other days, in the machine's time zone. */
export function shortTime(at: Date): string {
  const [date, time] = parts(at);
  return date === parts(new Date())[0] ? time : `${date} ${time.slice(0, 5)}`;
}

/** "18:30:05.123" in the machine's time zone. */
export function localClock(at: Date): string {
  return `${parts(at)[1]}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function parts(at: Date): [date: string, time: string] {
  const two = (value: number): string => String(value).padStart(2, '0');
  return [
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`,
  ];
}
