import type { BusinessDate } from '@champion/core';

/** One leg of a deal, or one share's short selling of a day, after cleaning and before the rules. */
export interface Deal {
  readonly line: number;
  readonly date: BusinessDate;
  readonly symbol: string | null;
  readonly securityName: string | null;
  /** Trimmed, single-spaced. */
  readonly clientName: string | null;
  readonly clientNamePrinted: string | null;
  readonly side: string | null;
  /** Shares. */
  readonly quantity: bigint | null;
  /** Ten-thousandths of a rupee. */
  readonly price: bigint | null;
  /** Quantity times price, in ten-thousandths of a rupee. */
  readonly value: bigint | null;
  readonly remarks: string | null;
  /** 1 for the first leg of the day that looks like this one, 2 for the next. */
  readonly occurrence: number;
}
