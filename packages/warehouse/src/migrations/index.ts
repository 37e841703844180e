import equityOhlc from './0001-equity-ohlc.sql';
import quarantine from './0002-quarantine.sql';

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** One statement, safe to run again: a process may die between running and recording it. */
  readonly sql: string;
}

/** In order. A migration that was released is never edited; write the next one. */
export const migrations: readonly Migration[] = [
  { number: 1, name: '0001-equity-ohlc', sql: equityOhlc },
  { number: 2, name: '0002-quarantine', sql: quarantine },
];
