import { parseExchangeDate, parseIsoDate } from '@champion/core';
import {
  type FieldType,
  type JsonObject,
  jsonText,
  type list,
  numberText,
  object,
  readField,
  text,
} from '../../json/index.ts';

export type ChainFormat = 'v2' | 'v3';
type OptionType = 'CE' | 'PE';
const SIDES: readonly OptionType[] = ['CE', 'PE'];

/** Fields of a leg that both shapes publish alike. */
const COMMON: Readonly<Record<string, FieldType>> = {
  strikePrice: 'price',
  expiryDate: 'text',
  underlying: 'text',
  identifier: 'text',
  openInterest: 'computed',
  changeinOpenInterest: 'change',
  totalTradedVolume: 'count',
  impliedVolatility: 'computed',
  lastPrice: 'price',
  change: 'change',
  totalBuyQuantity: 'count',
  totalSellQuantity: 'count',
  underlyingValue: 'price',
};

/** A leg's fields under their published names, by shape. */
export const LEG_FIELDS: Readonly<Record<ChainFormat, Readonly<Record<string, FieldType>>>> = {
  v2: { ...COMMON, pChange: 'change', bidQty: 'count', bidprice: 'price', askQty: 'count', askPrice: 'price' },
  v3: {
    ...COMMON,
    pchange: 'change',
    buyPrice1: 'price',
    buyQuantity1: 'count',
    sellPrice1: 'price',
    sellQuantity1: 'count',
  },
};

/** A side of a row as published, before it is judged. */
export interface PublishedLeg {
  readonly type: OptionType;
  /** The row's strike and expiry, which the leg's must repeat. */
  readonly rowStrike: string | null;
  readonly rowExpiry: string | null;
  /** Undefined when the side is there but no object. */
  readonly leg: JsonObject | undefined;
  /** One line of JSON. */
  readonly printed: string;
}

/**
 * Every leg of a chain, row by row. A side that is missing (v2), or stands there as nulls and zeros (v3), is not
 * listed and no leg; what is no row at all counts as one, so that it is not lost.
 */
export function publishedLegs(rows: ReturnType<typeof list>): PublishedLeg[] {
  return (rows ?? []).flatMap((value): PublishedLeg[] => {
    const row = object(value);
    if (!row) return [{ type: 'CE', rowStrike: null, rowExpiry: null, leg: undefined, printed: jsonText(value) }];
    const rowStrike = readField(row.strikePrice, 'price') ?? null;
    const rowExpiry = readExpiry(text(row.expiryDates) ?? text(row.expiryDate)) ?? null;
    return SIDES.flatMap((type) => {
      const side = row[type];
      const leg = object(side);
      if (side === undefined || side === null || (leg && isUnlisted(leg))) return [];
      return [{ type, rowStrike, rowExpiry, leg, printed: jsonText(side) }];
    });
  });
}

/** No identifier and not one figure. */
function isUnlisted(leg: JsonObject): boolean {
  if (text(leg.identifier) !== undefined) return false;
  return Object.values(leg).every((value) => {
    const digits = numberText(value);
    return digits === undefined ? value === null || value === undefined || value === '' : Number(digits) === 0;
  });
}

/** An expiry as rows and legs spell it: 26-May-2026 or 26-05-2026. */
function readExpiry(printed: string | undefined): string | undefined {
  if (printed === undefined) return undefined;
  const parts = /^(\d{2})-(\d{2})-(\d{4})$/.exec(printed);
  return parts ? parseIsoDate(`${parts[3]}-${parts[2]}-${parts[1]}`) : parseExchangeDate(printed);
}

export interface Fault {
  readonly rule: string;
  readonly column: string;
  readonly value: string | null;
}

/** A leg's fields as text of their types, or the first thing that is wrong with it. */
export function readLeg({ leg, printed }: PublishedLeg, format: ChainFormat): Record<string, string | null> | Fault {
  if (!leg) return { rule: 'row_shape', column: '', value: printed.slice(0, 100) };
  const fields: Record<string, string | null> = {};
  for (const [name, type] of Object.entries(LEG_FIELDS[format])) {
    const value = leg[name];
    const read = readField(value, type);
    if (read === undefined) {
      const rule = type === 'text' ? 'row_shape' : 'number_format';
      return { rule, column: name, value: value === undefined ? null : jsonText(value) };
    }
    fields[name] = read;
  }
  const expiry = readExpiry(fields.expiryDate ?? undefined);
  if (fields.expiryDate !== null && expiry === undefined) {
    return { rule: 'date_format', column: 'expiryDate', value: fields.expiryDate ?? null };
  }
  return { ...fields, expiryDate: expiry ?? null };
}

/** Whether what came of reading a leg is a fault. */
export function isFault(read: Record<string, string | null> | Fault): read is Fault {
  return 'rule' in read;
}

/** Where a leg stands, for messages: "2026-05-26 20100 CE". */
export function legName(expiry: string | null, strike: string | null, type: string): string {
  return [expiry ?? '?', strike?.replace(/\.?0+$/, '') ?? '?', type].join(' ');
}
