import { isUtf8 } from 'node:buffer';
import type { QuarantinedRow } from '@champion/core';

/**
 * How a published column is typed: text; a decimal with 4 places (`price`: up to 14 whole digits, `signed`: the same, and
 * may be negative, `turnover`: up to 20); an unsigned integer (`count`: up to 18 digits, `id`: up to 9); a date in the
 * file's spelling. An empty field is null.
 */
export type ColumnType = 'text' | 'price' | 'signed' | 'turnover' | 'count' | 'id' | 'date';

export interface RowLayout {
  /** Columns in order. A data row may have one field more, always empty, where the format ends its rows with a comma. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly fields: number;
  /** The file's spelling of a date → YYYY-MM-DD; undefined when it is none. */
  readonly readDate: (text: string) => string | undefined;
  /** What the format prints where there is no value, besides nothing: "-". Null in every column but text. */
  readonly absent?: string;
  /** The format leaves out the zero before a point: ".34", "-.77". */
  readonly barePoint?: boolean;
}

export interface ScannedRows {
  /** The well-formed data lines, each with its line end: ready for a CSV reader. */
  readonly body: Uint8Array;
  /** For each well-formed line its 1-based number in the file. */
  readonly lineNumbers: number[];
  /** For each date column, the date of each well-formed line as YYYY-MM-DD. */
  readonly dates: ReadonlyMap<string, (string | null)[]>;
  /** Lines that cannot be read as a row of the layout, under the first rule they broke. */
  readonly malformed: readonly QuarantinedRow[];
}

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;

/** Whole digits and decimal places that a numeric type holds. */
const LIMITS = { price: [14, 4], signed: [14, 4], turnover: [20, 4], count: [18, 0], id: [9, 0] } as const;

/** The first line of a CSV file, without byte-order mark and line end, and where the data begins. */
export function readHeader(file: Buffer): { readonly header: string; readonly dataStart: number } {
  const start = file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf ? 3 : 0;
  const end = lineEnd(file, start);
  return { header: file.toString('utf8', start, trimReturn(file, start, end)), dataStart: end + 1 };
}

/**
 * Checks a CSV file's data lines byte by byte against a layout, so that one bad line costs one row and not the file, and
 * no value is rounded or guessed by the reader that follows. Blank lines are no rows. Rules, in this order: `encoding`
 * (not UTF-8), `quoting` (a quote that RFC 4180 does not allow), `field_count`, `number_format`, `date_format`.
 * @param firstLine number of the first data line: 1 for a file without a header
 */
export function scanRows(file: Buffer, dataStart: number, layout: RowLayout, firstLine = 2): ScannedRows {
  const scan = new LineScan(file, layout);
  const lineNumbers: number[] = [];
  const malformed: QuarantinedRow[] = [];
  const pieces: Buffer[] = [];
  let runStart = dataStart;
  const endRun = (until: number, next: number) => {
    if (until > runStart) pieces.push(file.subarray(runStart, until));
    runStart = next;
  };
  for (let at = dataStart, line = firstLine; at < file.length; line++) {
    const end = lineEnd(file, at);
    const textEnd = trimReturn(file, at, end);
    const fault = textEnd === at ? 'blank' : scan.check(at, textEnd);
    if (fault === undefined) {
      lineNumbers.push(line);
      scan.keepDates();
    } else {
      endRun(at, end + 1);
      if (fault !== 'blank') malformed.push({ line, ...fault });
    }
    at = end + 1;
  }
  endRun(file.length, file.length);
  const [only] = pieces;
  return {
    body: pieces.length === 1 && only ? only : Buffer.concat(pieces),
    lineNumbers,
    dates: scan.dates,
    malformed,
  };
}

/** All lines of a text file, without their line ends. */
export function textLines(bytes: Uint8Array): string[] {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .split('\n')
    .map((text) => (text.endsWith('\r') ? text.slice(0, -1) : text));
}

type Fault = Omit<QuarantinedRow, 'line'>;

class LineScan {
  readonly dates = new Map<string, (string | null)[]>();
  readonly #file: Buffer;
  readonly #layout: RowLayout;
  readonly #names: readonly string[];
  readonly #types: readonly ColumnType[];
  readonly #allUtf8: boolean;
  readonly #absent: Buffer | undefined;
  /** Where each field of the current line starts and ends. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #known = new Map<string, string | undefined>();
  readonly #lineDates = new Map<string, string | null>();

  constructor(file: Buffer, layout: RowLayout) {
    this.#file = file;
    this.#layout = layout;
    this.#names = Object.keys(layout.columns);
    this.#types = Object.values(layout.columns);
    this.#allUtf8 = isUtf8(file);
    this.#absent = layout.absent === undefined ? undefined : Buffer.from(layout.absent);
    this.#starts = new Int32Array(layout.fields);
    this.#ends = new Int32Array(layout.fields);
    for (const [name, type] of Object.entries(layout.columns)) if (type === 'date') this.dates.set(name, []);
  }

  /** The first rule that the line breaks. */
  check(start: number, end: number): Fault | undefined {
    if (!this.#allUtf8 && !isUtf8(this.#file.subarray(start, end)))
      return { rule: 'encoding', column: '', value: null };
    const fields = this.#split(start, end);
    if (fields === undefined) return { rule: 'quoting', column: '', value: null };
    if (fields !== this.#layout.fields) return { rule: 'field_count', column: '', value: String(fields) };
    for (let i = 0; i < this.#types.length; i++) {
      const type = this.#types[i];
      const from = this.#starts[i] ?? 0;
      const to = this.#ends[i] ?? 0;
      if (type === undefined || type === 'text') continue;
      const absent = from === to || this.#isAbsent(from, to);
      if (type === 'date') {
        const date = absent ? null : this.#date(this.#file.toString('latin1', from, to));
        if (date === undefined) return this.#fault('date_format', i);
        this.#lineDates.set(this.#names[i] ?? '', date);
      } else if (!absent && !this.#isNumber(from, to, type)) {
        return this.#fault('number_format', i);
      }
    }
    return undefined;
  }

  /** Adds the dates of the line just checked. */
  keepDates(): void {
    for (const [name, column] of this.dates) column.push(this.#lineDates.get(name) ?? null);
  }

  /** Counts the line's fields and notes where they lie; undefined for quotes that RFC 4180 does not allow. */
  #split(start: number, end: number): number | undefined {
    const file = this.#file;
    let count = 0;
    let fieldStart = start;
    let quoted = false;
    for (let i = start; i <= end; i++) {
      const byte = i === end ? COMMA : file[i];
      if (byte === COMMA) {
        if (quoted && i < end) continue;
        this.#starts[count] = fieldStart;
        this.#ends[count] = i;
        count++;
        fieldStart = i + 1;
      } else if (byte === QUOTE) {
        if (!quoted) {
          if (i !== fieldStart) return undefined;
          quoted = true;
        } else {
          const next = i + 1 < end ? file[i + 1] : COMMA;
          if (next === QUOTE) i++;
          else if (next === COMMA) quoted = false;
          else return undefined;
        }
      }
    }
    return quoted ? undefined : count;
  }

  #isAbsent(from: number, to: number): boolean {
    const absent = this.#absent;
    return (
      absent !== undefined &&
      to - from === absent.length &&
      this.#file.compare(absent, 0, absent.length, from, to) === 0
    );
  }

  #isNumber(from: number, to: number, type: keyof typeof LIMITS): boolean {
    const start = type === 'signed' && this.#file[from] === MINUS ? from + 1 : from;
    return isPlainNumber(this.#file, start, to, LIMITS[type][0], LIMITS[type][1], this.#layout.barePoint ? 0 : 1);
  }

  #date(text: string): string | undefined {
    if (!this.#known.has(text)) this.#known.set(text, this.#layout.readDate(text));
    return this.#known.get(text);
  }

  #fault(rule: string, field: number): Fault {
    const value = this.#file.toString('utf8', this.#starts[field], this.#ends[field]);
    return { rule, column: this.#names[field] ?? '', value };
  }
}

/** Digits, `fewest` to `whole` of them, then optionally a point and 1 to `places` digits; not nothing at all. */
function isPlainNumber(
  file: Buffer,
  start: number,
  end: number,
  whole: number,
  places: number,
  fewest: number,
): boolean {
  let point = end;
  for (let i = start; i < end; i++) {
    const byte = file[i] ?? 0;
    if (byte >= 48 && byte <= 57) continue;
    if (byte !== POINT || point !== end) return false;
    point = i;
  }
  const before = point - start;
  if (before < fewest || before > whole) return false;
  return point === end ? before > 0 : end - point > 1 && end - point - 1 <= places;
}

function lineEnd(file: Buffer, from: number): number {
  const found = file.indexOf(NEWLINE, from);
  return found === -1 ? file.length : found;
}

function trimReturn(file: Buffer, start: number, end: number): number {
  return end > start && file[end - 1] === RETURN ? end - 1 : end;
}
