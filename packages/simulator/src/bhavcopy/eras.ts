import { type BusinessDate, dateForms, parseExchangeDate, parseIsoDate } from '@champion/core';
import { FIRST_SESSION } from '../market/session-line.ts';

/** The spellings of the equity bhavcopy. UDiFF A and B differ in their header's last fields only. */
export const BHAVCOPY_FORMATS = ['udiff_a', 'udiff_b', 'legacy'] as const;
export type BhavcopyFormat = (typeof BHAVCOPY_FORMATS)[number];

const UDIFF_FROM = '2024-01-01';
const UDIFF_B_FROM = '2024-06-21';
const LEGACY_UNTIL = '2024-07-05';
/** Up to this session the legacy file has neither TOTALTRADES nor ISIN. */
const LEGACY_NARROW_UNTIL = '2011-06-21';

/** The formats in which the exchange published a session, the newer first. */
export function formatsOf(date: BusinessDate): BhavcopyFormat[] {
  const formats: BhavcopyFormat[] = [];
  if (date >= UDIFF_FROM) formats.push(date >= UDIFF_B_FROM ? 'udiff_b' : 'udiff_a');
  if (date >= FIRST_SESSION && date <= LEGACY_UNTIL) formats.push('legacy');
  return formats;
}

export function isNarrowLegacy(date: BusinessDate): boolean {
  return date <= LEGACY_NARROW_UNTIL;
}

/** The CSV's name; the published file adds ".zip". */
export function bhavcopyFileName(date: BusinessDate, format: BhavcopyFormat): string {
  return format === 'legacy'
    ? `cm${dateForms.day(date)}${dateForms.month(date)}${dateForms.year(date)}bhav.csv`
    : `BhavCopy_NSE_CM_0_0_0_${dateForms.compact(date)}_F_0000.csv`;
}

/** The path under which the archives serve it. */
export function bhavcopyPath(date: BusinessDate, format: BhavcopyFormat): string {
  const name = `${bhavcopyFileName(date, format)}.zip`;
  return format === 'legacy'
    ? `/content/historical/EQUITIES/${dateForms.year(date)}/${dateForms.month(date)}/${name}`
    : `/content/cm/${name}`;
}

/** The path of a session's full bhavcopy with delivery figures. */
export function fullBhavcopyPath(date: BusinessDate): string {
  return `/products/content/sec_bhavdata_full_${dateForms.dayFirst(date)}.csv`;
}

export type PublishedKind = 'udiff' | 'legacy' | 'full';

/** A file that the exchange publishes: a kind, a session, and the one path under which it is served. */
export interface PublishedFile {
  readonly kind: PublishedKind;
  readonly date: BusinessDate;
  readonly path: string;
}

export function publishedFile(kind: PublishedKind, date: BusinessDate): PublishedFile {
  if (kind === 'full') return { kind, date, path: fullBhavcopyPath(date) };
  return { kind, date, path: bhavcopyPath(date, kind === 'legacy' ? 'legacy' : 'udiff_b') };
}

/** Reads a published file's name; undefined when the exchange spells no name so. */
export function readPublishedName(name: string): PublishedFile | undefined {
  const udiff = /^BhavCopy_NSE_CM_0_0_0_(\d{4})(\d{2})(\d{2})_F_0000\.csv\.zip$/.exec(name);
  if (udiff) return named('udiff', parseIsoDate(`${udiff[1]}-${udiff[2]}-${udiff[3]}`));
  const legacy = /^cm(\d{2})([A-Z]{3})(\d{4})bhav\.csv\.zip$/.exec(name);
  if (legacy) return named('legacy', parseExchangeDate(`${legacy[1]}-${legacy[2]}-${legacy[3]}`));
  const full = /^sec_bhavdata_full_(\d{2})(\d{2})(\d{4})\.csv$/.exec(name);
  if (full) return named('full', parseIsoDate(`${full[3]}-${full[2]}-${full[1]}`));
  return undefined;
}

function named(kind: PublishedKind, date: BusinessDate | undefined): PublishedFile | undefined {
  return date && publishedFile(kind, date);
}

/** Reads a request's path: the name must stand in the folder that belongs to it. */
export function readPublishedPath(path: string): PublishedFile | undefined {
  const file = readPublishedName(path.slice(path.lastIndexOf('/') + 1));
  return file?.path === path ? file : undefined;
}
