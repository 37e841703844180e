import { type BusinessDate, parseIsoDate, type RecognisedFile } from '@champion/core';
import type { SliceName } from './kinds.ts';

/** The days that a file's name says its rows are of. */
export interface Span {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

interface FileName {
  readonly slice: SliceName;
  readonly span: Span | undefined;
  readonly extension: 'csv' | 'csv.zip' | 'json';
}

const SLICES: Readonly<Record<string, SliceName>> = {
  bulk: 'bulk-deals',
  block: 'block-deals',
  short: 'short-selling',
};

/** What browsers add to the name of a second download, and what an archive may add to any. */
const COPY = String.raw`(?: ?\(\d+\))?`;
const CSV = String.raw`${COPY}\.csv(?:\.repacked)?(?<zip>\.zip)?$`;

const D = (name: string) => String.raw`(?<${name}>\d{2}-\d{2}-\d{4})`;
const NAMES: readonly RegExp[] = [
  // bulk.csv, bulk_21082026.csv, bulk_captured_20240401.csv
  new RegExp(String.raw`^(?<kind>bulk|block)(?:_(?<dayFirst>\d{8})|_captured_(?<compact>\d{8}))?${CSV}`, 'i'),
  // Bulk-Deals-24-04-2025-to-24-04-2026.csv
  new RegExp(`^(?<kind>bulk|block|short)[- _](?:deals|selling)(?:[- _]${D('from')}[- _]to[- _]${D('to')})?${CSV}`, 'i'),
  // bulk-block-short-deals_bulk_2026-09-04.json
  new RegExp(
    String.raw`^bulk-block-short-deals_(?<kind>bulk|block|short)(?:_deals|_selling)?_(?<iso>\d{4}-\d{2}-\d{2})${COPY}\.json$`,
    'i',
  ),
];

function dayFirst(text: string | undefined): BusinessDate | undefined {
  const parts = /^(\d{2})-?(\d{2})-?(\d{4})$/.exec(text ?? '');
  return parts ? parseIsoDate(`${parts[3]}-${parts[2]}-${parts[1]}`) : undefined;
}

function spanOf({ from, to, ...one }: Readonly<Record<string, string | undefined>>): Span | undefined {
  const first = dayFirst(from);
  const last = dayFirst(to);
  if (first && last) return { from: first, to: last };
  const date =
    dayFirst(one.dayFirst) ??
    parseIsoDate((one.compact ?? one.iso ?? '').replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
  return date && { from: date, to: date };
}

/** What a file's published name says; undefined for a name that no list of deals has. */
export function readFileName(fileName: string): FileName | undefined {
  for (const shape of NAMES) {
    const groups = shape.exec(fileName)?.groups;
    const slice = SLICES[groups?.kind?.toLowerCase() ?? ''];
    if (!groups || !slice) continue;
    const csv = groups.zip === undefined ? 'csv' : 'csv.zip';
    return { slice, span: spanOf(groups), extension: groups.iso === undefined ? csv : 'json' };
  }
  return undefined;
}

/** For an import. A file of several days is of no one session: its rows tell which it holds. */
export function recogniseDeals(fileName: string): RecognisedFile | undefined {
  const name = readFileName(fileName);
  if (!name) return undefined;
  const { slice, span, extension } = name;
  const date = span !== undefined && span.from === span.to ? span.from : undefined;
  return { date, slice, input: slice, extension };
}
