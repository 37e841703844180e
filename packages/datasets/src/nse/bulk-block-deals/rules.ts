import { formatDecimal, type QuarantinedRow } from '@champion/core';
import type { Deal } from './deal.ts';
import type { DealType } from './kinds.ts';

type Broken = Pick<QuarantinedRow, 'rule' | 'column' | 'value'>;

interface Rule {
  readonly rule: string;
  readonly column: string;
  /** Short selling has no client, side and price. */
  readonly dealsOnly?: true;
  /** The value that breaks the rule, as text; undefined when it holds. */
  readonly broken: (deal: Deal) => string | null | undefined;
}

/** What Decimal(24,4) and UInt16 hold. */
const MAX_VALUE = 10n ** 24n;
const MAX_OCCURRENCE = 65_535;

const missing = (rule: string, column: string, value: (deal: Deal) => unknown, dealsOnly?: true): Rule => ({
  rule,
  column,
  broken: (deal) => (value(deal) === null ? null : undefined),
  ...(dealsOnly ? { dealsOnly } : {}),
});

/** A row that breaks one of these goes to quarantine under the first it breaks. They are listed in this folder's README. */
const hardRules: readonly Rule[] = [
  missing('key_missing', 'symbol', ({ symbol }) => symbol),
  missing('key_missing', 'client_name', ({ clientName }) => clientName, true),
  {
    rule: 'side',
    column: 'side',
    dealsOnly: true,
    broken: ({ side }) => (side === 'BUY' || side === 'SELL' ? undefined : side),
  },
  missing('value_missing', 'quantity', ({ quantity }) => quantity),
  missing('value_missing', 'price', ({ price }) => price, true),
  { rule: 'not_positive', column: 'quantity', broken: ({ quantity }) => (quantity === 0n ? '0' : undefined) },
  { rule: 'not_positive', column: 'price', broken: ({ price }) => (price === 0n ? formatDecimal(0n, 4) : undefined) },
  {
    rule: 'value_range',
    column: 'value',
    broken: ({ value }) => (value !== null && value >= MAX_VALUE ? formatDecimal(value, 4) : undefined),
  },
  {
    rule: 'occurrence_range',
    column: 'occurrence',
    broken: ({ occurrence }) => (occurrence > MAX_OCCURRENCE ? String(occurrence) : undefined),
  },
];

/** The first hard rule that a deal breaks. */
export function firstBroken(deal: Deal, dealType: DealType): Broken | undefined {
  for (const { rule, column, dealsOnly, broken } of hardRules) {
    if (dealsOnly && dealType === 'SHORT') continue;
    const value = broken(deal);
    if (value !== undefined) return { rule, column, value };
  }
  return undefined;
}
