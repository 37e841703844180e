import { formatDecimal } from '@champion/core';
import pl from 'nodejs-polars';
import { quote, sql } from '../csv/index.ts';
import { type JsonValue, numberText, text } from './read-json.ts';

/**
 * How a published field is typed. `price`: a decimal with at most 4 places, exact. `change`, `computed`, `amount`:
 * decimals that the exchange computes in floating point (-0.10000000000000009), rounded to 4 places; a change may be
 * negative, an amount has up to 20 whole digits, the others 14. `count`: a whole number. `line`: a position. `instant`: milliseconds since 1970.
 */
export type FieldType = 'text' | 'date' | 'price' | 'change' | 'computed' | 'amount' | 'count' | 'line' | 'instant';

interface NumberType {
  readonly scale: number;
  /** Whole digits. */
  readonly whole: number;
  readonly signed?: boolean;
  /** Whether further places are rounded rather than refused. */
  readonly round?: boolean;
}

const NUMBERS: Partial<Readonly<Record<FieldType, NumberType>>> = {
  price: { scale: 4, whole: 14 },
  change: { scale: 4, whole: 14, signed: true, round: true },
  computed: { scale: 4, whole: 14, round: true },
  amount: { scale: 4, whole: 20, round: true },
  count: { scale: 0, whole: 18 },
};

const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'VARCHAR',
  date: 'DATE',
  price: 'DECIMAL(18,4)',
  change: 'DECIMAL(18,4)',
  computed: 'DECIMAL(18,4)',
  amount: 'DECIMAL(24,4)',
  count: 'BIGINT UNSIGNED',
  line: 'INT UNSIGNED',
  instant: 'BIGINT',
};

/** Longest number that is looked at, and its largest exponent: beyond, it is no figure of a market. */
const MAX_DIGITS = 80;
const MAX_EXPONENT = 40;
const SHAPE = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * A field's value as text in its type's plain spelling; null where nothing is published (absent, null, "" or "-");
 * undefined when it is not of its type.
 */
export function readField(value: JsonValue | undefined, type: FieldType): string | null | undefined {
  if (value === undefined || value === null) return null;
  const printed = numberText(value) ?? text(value);
  if (printed === undefined || printed === '-') return typeof value === 'string' ? null : undefined;
  if (type === 'text') return printed;
  const number = NUMBERS[type];
  return number === undefined ? printed : plainNumber(printed, number);
}

function plainNumber(printed: string, { scale, whole, signed = false, round = false }: NumberType): string | undefined {
  const parts = printed.length > MAX_DIGITS ? null : SHAPE.exec(printed);
  if (!parts) return undefined;
  const [, sign = '', integer = '', fraction = '', exponentText = '0'] = parts;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const shift = scale + exponent - fraction.length;
  const digits = BigInt(integer + fraction);
  let units = digits;
  if (shift >= 0) {
    units = digits * 10n ** BigInt(shift);
  } else {
    const unit = 10n ** BigInt(-shift);
    if (!round && digits % unit !== 0n) return undefined;
    units = (digits + unit / 2n) / unit;
  }
  if (units >= 10n ** BigInt(whole + scale)) return undefined;
  if (sign === '-' && units !== 0n) return signed ? formatDecimal(-units, scale) : undefined;
  return formatDecimal(units, scale);
}

/** A typed frame of columns of text. */
export function frameOfTexts(
  types: Readonly<Record<string, FieldType>>,
  rows: readonly Readonly<Record<string, string | null>>[],
): pl.DataFrame {
  const names = Object.keys(types);
  const texts = pl.DataFrame(
    names.map((name) =>
      pl.Series(
        name,
        rows.map((row) => row[name] ?? null),
        pl.String,
      ),
    ),
  );
  const columns = names.map((name) => `CAST(${quote(name)} AS ${SQL_TYPES[types[name] ?? 'text']}) AS ${quote(name)}`);
  return sql(`SELECT ${columns.join(', ')} FROM texts`, { texts });
}
