import pl from 'nodejs-polars';
import type { Reference } from './reference.ts';

/** An event as Kafka takes it. */
export interface EventMessage {
  /** The entity id: all that is said of an entity goes to one partition, in order. */
  readonly key: string;
  /** JSON: the envelope and the row, flat. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Messages of one request at most, and about so many bytes: a broker takes a million by default. */
const MOST_MESSAGES = 1_000;
const MOST_BYTES = 512 * 1024;
const KEY_AND_HEADERS_BYTES = 400;

/**
 * The rows of a file as messages, batch by batch, from the row `reference.rowsSent` on. Decimals and 64-bit integers are
 * text with all their digits, dates YYYY-MM-DD, instants ISO 8601 in UTC; what is absent is null.
 */
export function* encodeRows(frame: pl.DataFrame, reference: Reference): Generator<readonly EventMessage[]> {
  const columns = Object.entries(frame.schema).map(([name, type]) => readable(name, String(type)));
  const plain = frame.select(...columns.map(({ column }) => column));
  const instants = columns.filter(({ instant }) => instant).map(({ name }) => name);
  const headers = headersOf(reference);
  let batch: EventMessage[] = [];
  let bytes = 0;
  for (let at = reference.rowsSent; at < plain.height; at += MOST_MESSAGES) {
    for (const row of plain.slice(at, MOST_MESSAGES).toRecords()) {
      for (const name of instants) row[name] = instantOf(row[name]);
      const message = { key: text(row.entity_id), value: JSON.stringify(row), headers: headers(text(row.event_id)) };
      const size = Buffer.byteLength(message.value) + KEY_AND_HEADERS_BYTES;
      if (batch.length > 0 && (batch.length >= MOST_MESSAGES || bytes + size > MOST_BYTES)) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(message);
      bytes += size;
    }
  }
  if (batch.length > 0) yield batch;
}

function headersOf(reference: Reference): (eventId: string) => Readonly<Record<string, string>> {
  const { dataset, slice, businessDate, schemaVersion, revision, rows } = reference;
  const same = {
    dataset,
    slice,
    business_date: businessDate,
    schema_version: String(schemaVersion),
    revision: String(revision),
    rows: String(rows),
  };
  return (eventId) => ({ event_id: eventId, ...same });
}

interface Readable {
  readonly name: string;
  readonly column: pl.Expr;
  readonly instant: boolean;
}

/** JavaScript's numbers hold 53 bits, and Polars gives it no decimals. */
function readable(name: string, type: string): Readable {
  const column = pl.col(name);
  if (/\bDatetime\b/.test(type)) {
    return { name, instant: true, column: column.cast(pl.Datetime('ms')).cast(pl.Int64).cast(pl.Float64) };
  }
  const asText = /\b(Decimal|U?Int64|Date)\b/.test(type);
  return { name, instant: false, column: asText ? column.cast(pl.String) : column };
}

function instantOf(ms: unknown): string | null {
  return typeof ms === 'number' ? new Date(ms).toISOString() : null;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new RangeError('a row without event_id or entity_id can not be sent');
  return value;
}
