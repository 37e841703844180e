import {
  type BusinessDate,
  businessDate,
  eventId,
  formatDecimal,
  instantAt,
  type Normalized,
  type NormalizeInput,
  parseDecimal,
  type QuarantinedRow,
} from '@champion/core';
import pl from 'nodejs-polars';
import { literal, sql } from '../../csv/index.ts';
import { anomaliesOf } from './anomalies.ts';
import type { Deal } from './deal.ts';
import { type DealType, KINDS, sliceName } from './kinds.ts';
import { firstBroken } from './rules.ts';

export const SCHEMA_VERSION = 1;

/** The exchange's regular close; a disclosed deal speaks of the session up to here. */
const CLOSE = '15:30';
const PLACES = 4;

/**
 * Bronze → silver: one row per disclosed leg, in the file's order. Legs that look the same are numbered, never dropped:
 * a client may deal twice alike. Each row keeps its own date. Rows that break a hard rule are returned as quarantined.
 */
export function normalizeDeals(input: NormalizeInput<pl.DataFrame>): Normalized<pl.DataFrame> {
  const name = sliceName(input.slice);
  const bronze = input.bronze[name];
  if (!bronze) throw new RangeError(`normalising ${name} needs its bronze rows`);
  const { dealType, metric } = KINDS[name];
  const quarantined: QuarantinedRow[] = [];
  const deals: Deal[] = [];
  const seen = new Map<string, number>();
  for (const row of rowsOf(bronze)) {
    const read = readDeal(row, dealType);
    const key = keyOf(read);
    const deal = { ...read, occurrence: (seen.get(key) ?? 0) + 1 };
    const broken = firstBroken(deal, dealType);
    if (broken) {
      quarantined.push({ line: deal.line, ...broken });
      continue;
    }
    seen.set(key, deal.occurrence);
    deals.push(deal);
  }
  return {
    silver: silverFrame(deals, dealType, input),
    quarantined,
    anomalies: anomaliesOf(deals, dealType, input),
    metrics: {
      [metric]: deals.length,
      repeated_legs: deals.filter(({ occurrence }) => occurrence > 1).length,
    },
  };
}

type Printed = Readonly<Record<string, string | null>>;

/** Bronze rows as text; a decimal cannot be read into JavaScript otherwise. */
function rowsOf(bronze: pl.DataFrame): readonly Printed[] {
  const columns = bronze.columns.map((name) => `CAST("${name}" AS VARCHAR) AS "${name}"`);
  return sql(`SELECT ${columns.join(', ')} FROM bronze`, { bronze }).toRecords() as Printed[];
}

function readDeal(row: Printed, dealType: DealType): Omit<Deal, 'occurrence'> {
  const client = dealType === 'SHORT' ? null : (row.client_name ?? null);
  const quantity = row.quantity == null ? null : BigInt(row.quantity);
  const price = row.price == null ? null : (parseDecimal(row.price, PLACES) ?? null);
  const remarks = tidy(row.remarks);
  return {
    line: Number(row.source_line),
    date: businessDate(row.date ?? ''),
    symbol: tidy(row.symbol),
    securityName: tidy(row.security_name),
    clientName: tidy(client),
    clientNamePrinted: client,
    side: tidy(row.side)?.toUpperCase() ?? null,
    quantity,
    price,
    value: quantity === null || price === null ? null : quantity * price,
    remarks: remarks === '-' || remarks === 'null' ? null : remarks,
  };
}

/** Without spaces at the ends and with single ones between words; null where nothing is left. */
function tidy(text: string | null | undefined): string | null {
  const tidied = text?.trim().replace(/\s+/g, ' ') ?? '';
  return tidied === '' ? null : tidied;
}

/** What makes two legs look the same, whichever format they came in. */
function keyOf({ date, symbol, clientName, side, quantity, price }: Omit<Deal, 'occurrence'>): string {
  return [date, symbol, clientName, side, quantity, price].join('\u001f');
}

function silverFrame(deals: readonly Deal[], dealType: DealType, input: NormalizeInput<pl.DataFrame>): pl.DataFrame {
  const closes = new Map<BusinessDate, number>();
  const closeOf = (date: BusinessDate): number => {
    const known = closes.get(date) ?? instantAt(date, CLOSE).getTime() * 1000;
    closes.set(date, known);
    return known;
  };
  const texts = (name: string, value: (deal: Deal) => string | null) => pl.Series(name, deals.map(value), pl.String);
  const decimal = (units: bigint | null) => (units === null ? null : formatDecimal(units, PLACES));
  const rows = pl.DataFrame([
    texts('trade_date', ({ date }) => date),
    texts('symbol', ({ symbol }) => symbol),
    texts('security_name', ({ securityName }) => securityName),
    texts('client_name', ({ clientName }) => clientName),
    texts('client_name_printed', ({ clientNamePrinted }) => clientNamePrinted),
    texts('side', ({ side }) => side),
    texts('quantity', ({ quantity }) => quantity?.toString() ?? null),
    texts('price', ({ price }) => decimal(price)),
    texts('value', ({ value }) => decimal(value)),
    texts('remarks', ({ remarks }) => remarks),
    pl.Series(
      'occurrence',
      deals.map(({ occurrence }) => occurrence),
      pl.UInt16,
    ),
    texts('event_id', (deal) => eventIdOf(deal, dealType)),
    pl.Series(
      'event_time',
      deals.map(({ date }) => closeOf(date)),
      pl.Int64,
    ),
  ]);
  return sql(
    `SELECT CAST(trade_date AS DATE) AS trade_date, ${literal(dealType)} AS deal_type, symbol, security_name,
       client_name, client_name_printed, side, CAST(quantity AS BIGINT UNSIGNED) AS quantity,
       CAST(price AS DECIMAL(18,4)) AS price, CAST("value" AS DECIMAL(24,4)) AS "value", remarks, occurrence,
       ${literal(input.format)} AS source_format, event_id, CAST(event_time AS TIMESTAMP) AS event_time,
       CAST(${input.ingestTime.getTime() * 1000} AS TIMESTAMP) AS ingest_time, ${literal(input.source)} AS source,
       CAST(${SCHEMA_VERSION} AS SMALLINT UNSIGNED) AS schema_version, symbol || ':DEAL:NSE' AS entity_id
     FROM rows`,
    { rows },
  ).withColumns(pl.cols('event_time', 'ingest_time').cast(pl.Datetime('ms', 'UTC')));
}

function eventIdOf({ date, symbol, clientName, side, quantity, price, occurrence }: Deal, dealType: DealType): string {
  const printedPrice = price === null ? '' : formatDecimal(price, PLACES);
  const key = [date, dealType, symbol ?? '', clientName ?? '', side ?? '', String(quantity), printedPrice];
  return eventId('bulk-block-deals', [...key, String(occurrence)]);
}
