import {
  type BusinessDate,
  ChampionError,
  type Parsed,
  type ParseInput,
  type QuarantinedRow,
  type SourceFile,
  type SourceFiles,
} from '@champion/core';
import type pl from 'nodejs-polars';
import { openCsv, refuseOtherDates, requireFile, textLines } from '../../csv/index.ts';
import { jsonText } from '../../json/index.ts';
import { bronzeFrame, readNumbers } from './bronze.ts';
import { readFileName, type Span } from './file-names.ts';
import { KINDS, type SliceName, sliceName, WITNESS } from './kinds.ts';
import type { DealsList, PrintedRow } from './list.ts';
import { jsonRows, looksLikeJson } from './read-json.ts';
import { readDealsList } from './read-list.ts';

/**
 * Reads a published list of deals into bronze: the rows of the day asked, typed, as printed otherwise. A file whose name
 * speaks of several days gives that day's rows; any other file must hold no other day's.
 * @throws ChampionError CORRUPT for bytes in none of the formats, another day's rows, no readable row among several, or
 * an empty file that does not say which day it is of
 */
export async function parseDeals({ slice, files, date }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const name = sliceName(slice);
  const file = requireFile(files, name);
  const list = await readDealsList(file, KINDS[name].dealType);
  const span = readFileName(file.fileName)?.span;
  if (list.rows.length === 0 && list.malformed.length > 0) throw noRow(file.fileName, list.malformed);
  const day = dayOf(list, file.fileName, date, span);
  const { rows, malformed } = readNumbers(day.rows);
  const quarantined = [...day.malformed, ...malformed].sort((a, b) => a.line - b.line);
  if (rows.length === 0 && quarantined.length > 0) throw noRow(file.fileName, quarantined);
  if (list.rows.length === 0) await checkEmpty(list, { name, files, date, span });
  return {
    bronze: { [name]: bronzeFrame(rows) },
    format: list.format,
    rowsInFile: rows.length + quarantined.length,
    quarantined,
  };
}

/** The sessions of which a file of a known name holds rows, in order: more than one in an export of the site. */
export async function sessionsOfDeals(file: SourceFile): Promise<readonly BusinessDate[]> {
  const slice = readFileName(file.fileName)?.slice;
  if (slice === undefined) return [];
  const { rows } = await readDealsList(file, KINDS[slice].dealType);
  const dates = new Set(rows.map(({ date }) => date).filter((date) => date !== null));
  return [...dates].sort();
}

/** The published rows as text: the lines of a CSV file, the elements of a JSON list. */
export async function dealsLines(file: SourceFile): Promise<readonly string[]> {
  const bytes = await openCsv(file);
  if (!looksLikeJson(bytes)) return textLines(bytes);
  return jsonRows(bytes, file.fileName).map(jsonText);
}

interface Day {
  readonly rows: readonly PrintedRow[];
  readonly malformed: readonly QuarantinedRow[];
}

/** The list's rows of the day asked. */
function dayOf(list: DealsList, fileName: string, asked: BusinessDate, span: Span | undefined): Day {
  const { rows, malformed } = list;
  const dates = rows.map(({ date }) => date);
  if (span === undefined || span.from === span.to) {
    refuseOtherDates(dates, asked, fileName);
    return { rows, malformed };
  }
  refuseOutside([asked, ...dates], span, fileName);
  // A line that cannot be read is of the day of the row before it, so that all days together account for every line.
  let before = 0;
  const ofDay = malformed.filter(({ line }) => {
    while ((rows[before + 1]?.line ?? Number.POSITIVE_INFINITY) < line) before++;
    return rows[before]?.date === asked;
  });
  return { rows: rows.filter(({ date }) => date === asked), malformed: ofDay };
}

function refuseOutside(dates: readonly (BusinessDate | null)[], { from, to }: Span, fileName: string): void {
  const other = dates.find((date) => date === null || date < from || date > to);
  if (other === undefined) return;
  throw new ChampionError(`${fileName} says it is of ${from} to ${to}, which ${other ?? 'no date'} is not within`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded. Ask for a day within the file, and keep the name that the exchange gave it.',
    context: { file: fileName, from, to, found: other },
  });
}

interface Asked {
  readonly name: SliceName;
  readonly files: SourceFiles;
  readonly date: BusinessDate;
  readonly span: Span | undefined;
}

/** A list without rows is a day without deals only where it is known to be whole and of that day. */
async function checkEmpty(list: DealsList, asked: Asked): Promise<void> {
  const { name, files, date, span } = asked;
  const { fileName } = requireFile(files, name);
  const { saysNone, format } = list;
  // The API was asked for the day, and prints a bare header or list where there is nothing.
  if (format !== 'archive_csv') return;
  if (!saysNone) throw emptyFile(`${fileName} ends after its header`, { fileName });
  if (span !== undefined && span.from <= date && date <= span.to) return;
  if (span !== undefined) throw emptyFile(`${fileName} is not of ${date}`, { fileName });
  const other = name === 'short-selling' ? undefined : WITNESS[name];
  const witness = other === undefined ? undefined : files[other];
  if (other === undefined || witness === undefined) {
    throw emptyFile(`${fileName} says that there are no records, but not of which day`, { fileName });
  }
  const { rows } = await readDealsList(witness, other === 'bulk-deals-rolling' ? 'BULK' : 'BLOCK');
  if (rows.length > 0 && rows.every((row) => row.date === date)) return;
  const found = rows[0]?.date ?? 'no day';
  throw emptyFile(`${fileName} says that there are no records, but ${witness.fileName} beside it is of ${found}`, {
    fileName,
    asked: date,
    found,
  });
}

function noRow(fileName: string, malformed: readonly QuarantinedRow[]): ChampionError {
  return new ChampionError(`${fileName} has ${malformed.length} rows of which none is readable`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded; the raw file is kept. Look at its first lines: it may be another kind of file.',
    context: { file: fileName, rows: malformed.length, first: malformed[0] },
  });
}

function emptyFile(message: string, context: Readonly<Record<string, unknown>>): ChampionError {
  return new ChampionError(message, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded; the raw file is kept. If it is right, import it under a name that says its day: block_DDMMYYYY.csv.',
    context,
  });
}
