/** A day on which the market that schedules follow is open. */
export interface SessionDay {
  /** For example "regular". Schedules may choose by it. */
  readonly kind: string;
  /** What is special about it, if anything is. */
  readonly name: string | null;
  /** Its hours, where they are known. */
  readonly opensAt?: Date;
  readonly closesAt?: Date;
}

/**
 * The days that schedules can follow instead of weekdays. The engine knows no market: whoever composes the process gives
 * one, and may change what it answers while the process runs (then `Scheduler.calendarChanged()` is to be called).
 */
export interface SessionCalendar {
  /** Time zone of its days. */
  readonly zone: string;
  /** The session of a day written YYYY-MM-DD; undefined when there is none. */
  on(date: string): SessionDay | undefined;
  /** Why a day has no session, in a word or two: "Sunday", "Holi". */
  why(date: string): string;
}
