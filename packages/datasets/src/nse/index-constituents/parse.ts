import { ChampionError, type Parsed, type ParseInput, type QuarantinedRow, type SourceFile } from '@champion/core';
import type pl from 'nodejs-polars';
import { openCsv, type RowLayout, readHeader, requireFile, scanRows, textLines, typedFrame } from '../../csv/index.ts';
import {
  type FieldType,
  frameOfTexts,
  type JsonObject,
  type JsonValue,
  jsonText,
  list,
  object,
  parseJson,
  readField,
  siteTimeOn,
  text,
} from '../../json/index.ts';
import { indexNamed } from './indices.ts';

/** Fields of a member's row that are kept, under their published names; those of its `meta` begin with "meta.". */
const MEMBER: Readonly<Record<string, FieldType>> = {
  symbol: 'text',
  series: 'text',
  identifier: 'text',
  open: 'price',
  dayHigh: 'price',
  dayLow: 'price',
  lastPrice: 'price',
  previousClose: 'price',
  pChange: 'change',
  yearHigh: 'price',
  yearLow: 'price',
  totalTradedVolume: 'count',
  totalTradedValue: 'amount',
  ffmc: 'amount',
  'meta.companyName': 'text',
  'meta.industry': 'text',
  'meta.isin': 'text',
};

/** The index's own quote, which stands first among the rows of its members. */
const INDEX: Readonly<Record<string, FieldType>> = {
  open: 'price',
  dayHigh: 'price',
  dayLow: 'price',
  lastPrice: 'price',
  previousClose: 'price',
};

const LIST_HEADER = 'Company Name,Industry,Symbol,Series,ISIN Code';
const LIST: RowLayout = {
  columns: { 'Company Name': 'text', Industry: 'text', Symbol: 'text', Series: 'text', 'ISIN Code': 'text' },
  fields: 5,
  readDate: () => undefined,
};

type Rows = Parsed<pl.DataFrame>;

/**
 * Reads the members of one index, from the site's answer or from the published list, into bronze. The index's own row
 * is no member: its figures stand beside each member's as `index.…`.
 * @throws ChampionError CORRUPT for what is neither, another index's or another day's answer, or one without members
 */
export async function parseConstituents({ slice, files, date }: ParseInput): Promise<Rows> {
  const input = slice.inputs[0].name;
  const index = slice.scope.index_name ?? '';
  const file = requireFile(files, input);
  const bytes = await openCsv(file);
  const read = isList(bytes, file.fileName)
    ? readList(bytes, input)
    : readAnswer(parseJson(bytes, file.fileName), { input, index, date, fileName: file.fileName });
  if (read.rowsInFile > read.quarantined.length) return read;
  throw corrupt(`${file.fileName} names no member of ${index}`, file.fileName, { malformed: read.quarantined.length });
}

/** The rows as published: lines of a list, or the site's rows as JSON without the index's own. */
export async function constituentLines(file: SourceFile): Promise<readonly string[]> {
  const bytes = await openCsv(file);
  if (isList(bytes, file.fileName)) return textLines(bytes);
  const rows = list(object(parseJson(bytes, file.fileName))?.data) ?? [];
  return membersAmong(rows).map(jsonText);
}

function isList(bytes: Buffer, fileName: string): boolean {
  if (readHeader(bytes).header.trim() === LIST_HEADER) return true;
  if (!fileName.toLowerCase().endsWith('.csv')) return false;
  throw corrupt(`${fileName} does not begin with the header of a list of members`, fileName, {
    header: readHeader(bytes).header.slice(0, 200),
  });
}

function readList(bytes: Buffer, input: string): Rows {
  const rows = scanRows(bytes, readHeader(bytes).dataStart, LIST);
  const rowsInFile = rows.lineNumbers.length + rows.malformed.length;
  const bronze = rows.lineNumbers.length === 0 ? {} : { [input]: typedFrame(rows, LIST) };
  return { bronze, format: 'csv', rowsInFile, quarantined: rows.malformed };
}

interface Asked {
  readonly input: string;
  readonly index: string;
  readonly date: ParseInput['date'];
  readonly fileName: string;
}

function readAnswer(value: JsonValue, { input, index, date, fileName }: Asked): Rows {
  const answer = object(value);
  const data = list(answer?.data);
  if (!answer || !data) {
    throw corrupt(`${fileName} is JSON, but not an index with its members`, fileName, {
      first: jsonText(value).slice(0, 200),
    });
  }
  const own = data.map(object).find(isIndexRow);
  const said = text(answer.name) ?? text(own?.symbol);
  if (said === undefined || indexNamed(said).name !== index) {
    throw corrupt(`${fileName} was asked for the members of ${index} but is of ${said ?? 'no index'}`, fileName, {
      index,
      said,
    });
  }
  const { instant } = siteTimeOn(text(answer.timestamp), date, fileName);
  const shared = { timestamp: String(instant.getTime()), ...indexQuote(own) };
  const rows: Record<string, string | null>[] = [];
  const quarantined: QuarantinedRow[] = [];
  const members = membersAmong(data);
  members.forEach((row, i) => {
    const read = readMember(object(row));
    if ('rule' in read) quarantined.push({ line: i + 1, ...read });
    else rows.push({ ...read.fields, ...shared, source_line: String(i + 1) });
  });
  const types: Record<string, FieldType> = { ...MEMBER, timestamp: 'instant', source_line: 'line' };
  for (const [name, type] of Object.entries(INDEX)) types[`index.${name}`] = type;
  return {
    bronze: rows.length === 0 ? {} : { [input]: frameOfTexts(types, rows) },
    format: answer.name === undefined ? 'json_b' : 'json_a',
    rowsInFile: members.length,
    quarantined,
  };
}

/** The index itself stands among its members: without their `meta`, told by its priority or the space in its name. */
function isIndexRow(row: JsonObject | undefined): boolean {
  if (row === undefined || object(row.meta)) return false;
  return readField(row.priority, 'count') === '1' || /\s/.test(text(row.symbol) ?? '');
}

function membersAmong(rows: readonly JsonValue[]): readonly JsonValue[] {
  const own = rows.findIndex((row) => isIndexRow(object(row)));
  return rows.filter((_, i) => i !== own);
}

function indexQuote(row: JsonObject | undefined): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(INDEX).map(([name, type]) => [`index.${name}`, readField(row?.[name], type) ?? null]),
  );
}

type Fault = Omit<QuarantinedRow, 'line'>;

function readMember(row: JsonObject | undefined): { readonly fields: Record<string, string | null> } | Fault {
  if (!row) return { rule: 'row_shape', column: '', value: null };
  const meta = object(row.meta);
  const fields: Record<string, string | null> = {};
  for (const [name, type] of Object.entries(MEMBER)) {
    const value = name.startsWith('meta.') ? meta?.[name.slice('meta.'.length)] : row[name];
    const read = readField(value, type);
    if (read === undefined) {
      const rule = type === 'text' ? 'row_shape' : 'number_format';
      return { rule, column: name, value: value === undefined ? null : jsonText(value) };
    }
    fields[name] = read;
  }
  return { fields };
}

function corrupt(message: string, file: string, context: Record<string, unknown>): ChampionError {
  return new ChampionError(message, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded; the raw file is kept. Fetch it again, or check the spelling of the index.',
    context: { file, ...context },
  });
}
