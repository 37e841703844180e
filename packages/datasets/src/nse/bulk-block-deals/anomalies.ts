import type { Anomaly, NormalizeInput } from '@champion/core';
import { rowCountDrop } from '../../row-count.ts';
import type { Deal } from './deal.ts';
import type { DealType } from './kinds.ts';

/** Documented by others: the API cuts its JSON answers at this many rows, without a word. Its csv answers are whole. */
const JSON_ROW_LIMIT = 70;
/** Bulk deals vary threefold from day to day; fewer than this share of the recent median is a list not yet whole. */
const COMPLETE_SHARE = 0.25;

/** What a person should look at; no row is dropped for it. */
export function anomaliesOf(
  deals: readonly Deal[],
  dealType: DealType,
  { format, recentRowCounts }: Pick<NormalizeInput<unknown>, 'format' | 'recentRowCounts'>,
): Anomaly[] {
  return [
    dealType === 'BULK' ? tooFew(deals.length, recentRowCounts) : undefined,
    dealType === 'BLOCK' ? sidesDiffer(deals) : undefined,
    format === 'api_json' && deals.length === JSON_ROW_LIMIT
      ? {
          rule: 'json_row_limit',
          count: 1,
          message: `exactly ${JSON_ROW_LIMIT} rows, where the API cuts its JSON answers: take the csv answer instead`,
        }
      : undefined,
  ].filter((anomaly) => anomaly !== undefined);
}

function tooFew(rows: number, recent: readonly number[]): Anomaly | undefined {
  if (rows === 0) {
    return { rule: 'no_bulk_deals', count: 1, message: 'no bulk deal at all, which hardly ever happens in a session' };
  }
  return rowCountDrop(rows, recent, COMPLETE_SHARE);
}

/** Both sides of a block deal are disclosed, so what was bought of a share is what was sold. */
function sidesDiffer(deals: readonly Deal[]): Anomaly | undefined {
  const net = new Map<string, bigint>();
  for (const { date, symbol, side, quantity } of deals) {
    const key = `${symbol} on ${date}`;
    net.set(key, (net.get(key) ?? 0n) + (side === 'BUY' ? 1n : -1n) * (quantity ?? 0n));
  }
  const uneven = [...net].filter(([, shares]) => shares !== 0n);
  const [example] = uneven;
  if (!example) return undefined;
  const [share, shares] = example;
  const said = shares > 0n ? `${shares} more bought than sold` : `${-shares} more sold than bought`;
  return {
    rule: 'sides_differ',
    count: uneven.length,
    message: `${uneven.length} shares, for example ${share}: ${said}`,
  };
}
