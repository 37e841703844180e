export {
  addDays,
  type BusinessDate,
  businessDate,
  businessDateAt,
  dateForms,
  daysBetween,
  instantAt,
  isWeekend,
  parseExchangeDate,
  parseIsoDate,
  today,
  type Weekday,
  weekday,
} from './business-date.ts';
export { BusinessDateSchema } from './business-date-schema.ts';
export {
  factsFromHolidays,
  mergeFacts,
  type PublishedHoliday,
} from './calendar/facts.ts';
export { parseCalendarOverrides } from './calendar/overrides.ts';
export { type CalendarFacts, seedFacts } from './calendar/seed.ts';
export { type DayStatus, type SessionKind, TradingCalendar } from './calendar/trading-calendar.ts';
export { type Clock, fixedClock, systemClock } from './clock.ts';
export type {
  Anomaly,
  DatasetDefinition,
  FlowNames,
  Normalized,
  NormalizeInput,
  Parsed,
  ParseInput,
  PreviousRows,
  QuarantinedRow,
  RecognisedFile,
  Slice,
  SliceInput,
  Snapshot,
  SnapshotRows,
  SourceFile,
  SourceFiles,
  SourceRequest,
  Topics,
} from './dataset.ts';
export { crore, formatDecimal, parseDecimal } from './decimal.ts';
export {
  ChampionError,
  type ChampionErrorOptions,
  type ErrorCode,
  type ErrorRecord,
  fromErrorRecord,
  type Retry,
  retryOf,
  toErrorRecord,
} from './errors.ts';
export { gather } from './gather.ts';
export { completeIsin, isinCheckDigit, isValidIsin } from './isin.ts';
export { LET_GO, leased } from './leased.ts';
export { linkKind } from './link.ts';
export { median } from './median.ts';
export { type Migration, migrateSchema } from './migrate-schema.ts';
export { isSuccess, OUTCOMES, type Outcome, outcomeOfCode } from './outcome.ts';
export { lockForProcess, type ProcessLock } from './process-lock.ts';
export { closest } from './suggest.ts';
export { plural } from './text.ts';
export { EVENT_NAMESPACE, eventId, uuidV5 } from './uuid.ts';
