/** One disclosed leg of a deal. */
export interface Deal {
  readonly symbol: string;
  /** As in the bhavcopy, cut and in capitals. */
  readonly name: string;
  readonly client: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  /** Paise. */
  readonly price: number;
}

/** Shares sold short in one session, all sellers together. */
export interface ShortSale {
  readonly symbol: string;
  readonly name: string;
  readonly quantity: number;
}

export const DEAL_KINDS = ['bulk_deals', 'block_deals', 'short_selling'] as const;
/** As the site's API names them. */
export type DealKind = (typeof DEAL_KINDS)[number];
