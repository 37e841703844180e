import type { BusinessDate, QuarantinedRow } from '@champion/core';

/** How a list of deals was published. */
type DealsFormat = 'api_csv' | 'api_json' | 'archive_csv';

/** A row as it was printed, its cells untouched. */
export interface PrintedRow {
  /** Line in the file, or position in a JSON list, 1-based. */
  readonly line: number;
  readonly date: BusinessDate | null;
  readonly symbol: string | null;
  readonly security_name: string | null;
  readonly client_name: string | null;
  readonly side: string | null;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly remarks: string | null;
}

export type Cell = Exclude<keyof PrintedRow, 'line'>;

/** A whole published list. */
export interface DealsList {
  readonly format: DealsFormat;
  readonly rows: readonly PrintedRow[];
  /** Lines that cannot be read as a row. */
  readonly malformed: readonly QuarantinedRow[];
  /** It says that there are no records. */
  readonly saysNone: boolean;
}
