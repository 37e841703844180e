import {
  ChampionError,
  type Parsed,
  type ParseInput,
  type QuarantinedRow,
  type Snapshot,
  type SourceFile,
  type SourceFiles,
} from '@champion/core';
import type pl from 'nodejs-polars';
import { requireFile } from '../../csv/index.ts';
import {
  type FieldType,
  frameOfTexts,
  indianTime,
  type JsonObject,
  jsonText,
  list,
  object,
  readField,
  readJson,
  siteTimeOn,
  text,
} from '../../json/index.ts';
import { type ChainFormat, isFault, LEG_FIELDS, legName, publishedLegs, readLeg } from './legs.ts';
import { expiryOfInput } from './requests.ts';

/** One published chain: a file of v3 holds one expiry, one of v2 all of them. */
interface Chain {
  readonly input: string;
  readonly fileName: string;
  readonly records: JsonObject;
  readonly format: ChainFormat;
  /** Open interest and volume that the exchange counts for calls and puts of `totalsOf`. */
  readonly totals: Readonly<Record<string, string | null>>;
  readonly totalsOf: string | null;
}

/**
 * Reads the chains of one symbol, one frame for each, a row a leg. Legs are numbered over all of them, since together
 * they are the snapshot's rows; that number is `source_line`.
 * @throws ChampionError CORRUPT for what is no chain (`{}` is none), another symbol's, day's or expiry's, or one without
 * legs
 */
export async function parseOptionChain({ slice, files, date }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const symbol = slice.scope.symbol ?? '';
  const chains = await readChains(slice.inputs[0].name, files);
  const format = chains[0]?.format ?? 'v3';
  const bronze: Record<string, pl.DataFrame> = {};
  const quarantined: QuarantinedRow[] = [];
  const times: number[] = [];
  let line = 0;
  for (const chain of chains) {
    if (chain.format !== format) throw corrupt(`the chains of ${symbol} are of two formats`, chain);
    const { instant } = siteTimeOn(text(chain.records.timestamp), date, chain.fileName);
    const underlying = readField(chain.records.underlyingValue, 'price') ?? null;
    const shared = { timestamp: String(instant.getTime()), 'records.underlyingValue': underlying };
    const rows: Record<string, string | null>[] = [];
    for (const leg of publishedLegs(list(chain.records.data))) {
      line++;
      const read = readLeg(leg, format);
      if (isFault(read)) {
        const name = legName(leg.rowExpiry, leg.rowStrike, leg.type);
        quarantined.push({ line, ...read, value: `${name}: ${read.value ?? ''}` });
        continue;
      }
      refuseOther(symbol, read.underlying ?? null, chain);
      const { type, rowStrike, rowExpiry } = leg;
      const total = rowExpiry !== null && rowExpiry === chain.totalsOf ? (chain.totals[type] ?? null) : null;
      rows.push({ ...read, ...shared, type, rowStrike, rowExpiry, totOI: total, source_line: String(line) });
    }
    refuseOtherExpiry(chain, rows);
    if (rows.length === 0) continue;
    bronze[chain.input] = frameOfTexts(columnsOf(format), rows);
    times.push(instant.getTime());
  }
  if (line > quarantined.length) {
    return { bronze, format, rowsInFile: line, quarantined, snapshot: snapshotOf(symbol, Math.max(...times)) };
  }
  const [first] = chains;
  throw corrupt(`${first?.fileName ?? symbol} has no leg of ${symbol} that can be read`, first);
}

/** The files of a snapshot are fetched one after the other: it is of the latest of their times. */
function snapshotOf(symbol: string, instant: number): Snapshot {
  const time = indianTime(instant);
  return { time, scope: { symbol, snapshot_time: time.slice(0, 19).replace('T', ' ') } };
}

/** The legs of a file as one line of JSON each; none for the file that only names the expiries. */
export async function chainLines(file: SourceFile): Promise<readonly string[]> {
  const records = object(object(await readJson(file))?.records);
  return publishedLegs(list(records?.data)).map(({ printed }) => printed);
}

function columnsOf(format: ChainFormat): Record<string, FieldType> {
  return {
    ...LEG_FIELDS[format],
    expiryDate: 'date',
    type: 'text',
    rowStrike: 'price',
    rowExpiry: 'date',
    timestamp: 'instant',
    'records.underlyingValue': 'price',
    totOI: 'computed',
    source_line: 'line',
  };
}

/** The chains among the files: the main one when it is a chain, otherwise those it led to, nearest expiry first. */
async function readChains(main: string, files: SourceFiles): Promise<Chain[]> {
  const mainFile = requireFile(files, main);
  const answer = object(await readJson(mainFile));
  if (answer && list(answer.expiryDates) === undefined) return [chainOf(main, mainFile, answer)];
  const chains: Chain[] = [];
  for (const input of Object.keys(files)
    .filter((name) => name !== main)
    .sort()) {
    const file = requireFile(files, input);
    chains.push(chainOf(input, file, object(await readJson(file))));
  }
  if (answer && chains.length > 0) return chains;
  throw corrupt(`${mainFile.fileName} is no option chain and came without any`, { fileName: mainFile.fileName });
}

function chainOf(input: string, { fileName }: SourceFile, answer: JsonObject | undefined): Chain {
  const records = object(answer?.records);
  if (!answer || !records || !list(records.data))
    throw corrupt(`${fileName} is JSON, but no option chain`, { fileName });
  const filtered = object(answer.filtered);
  const expiries = list(records.expiryDates);
  const format: ChainFormat = expiries === undefined && filtered === undefined ? 'v3' : 'v2';
  const counted = format === 'v3' ? records : filtered;
  const total = (side: string) => readField(object(counted?.[side])?.totOI, 'computed') ?? null;
  return {
    input,
    fileName,
    records,
    format,
    totals: { CE: total('CE'), PE: total('PE') },
    totalsOf: (format === 'v3' ? expiryOfInput(input) : nearestOf(filtered)) ?? null,
  };
}

/** The expiry that v2's `filtered` is about. */
function nearestOf(filtered: JsonObject | undefined): string | undefined {
  const [first] = publishedLegs(list(filtered?.data)?.slice(0, 1));
  return first?.rowExpiry ?? undefined;
}

function refuseOther(symbol: string, underlying: string | null, chain: Chain): void {
  if (underlying === null || underlying === symbol) return;
  throw corrupt(`${chain.fileName} was asked for ${symbol} but is of ${underlying}`, chain, { symbol, underlying });
}

function refuseOtherExpiry(chain: Chain, rows: readonly Readonly<Record<string, string | null>>[]): void {
  const asked = expiryOfInput(chain.input);
  const [first] = rows;
  if (asked === undefined || !first || rows.some(({ rowExpiry }) => rowExpiry === asked)) return;
  const message = `${chain.fileName} was asked for the expiry ${asked} but is of ${first.rowExpiry}`;
  throw corrupt(message, chain, { asked, found: first.rowExpiry });
}

function corrupt(
  message: string,
  chain: { readonly fileName: string; readonly records?: JsonObject } | undefined,
  context: Record<string, unknown> = {},
): ChampionError {
  const first = chain?.records && jsonText(chain.records).slice(0, 200);
  return new ChampionError(message, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded; the raw file is kept. The site answers {} when it refuses: wait a while and run again.',
    context: { file: chain?.fileName ?? null, ...(first === undefined ? {} : { first }), ...context },
  });
}
