import { type BusinessDate, ChampionError, parseExchangeDate, type SliceInput, type SourceFile } from '@champion/core';
import { list, object, parseJson, text } from '../../json/index.ts';

/** Symbols of indices; whatever else has options is a share. */
const INDEX_SYMBOLS: ReadonlySet<string> = new Set(['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'NIFTYNXT50']);

export const DEFAULT_SYMBOLS: readonly string[] = ['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY'];

/** The slice of a symbol and its main input: "option-chain.nifty", "option-chain.m-and-m". */
export function sliceName(symbol: string): string {
  return `option-chain.${symbol.toLowerCase().replaceAll('&', '-and-')}`;
}

/** The main input: which expiries there are. Until December 2025 its place was taken by a chain of all expiries. */
export function contractInfo(symbol: string, date: BusinessDate): SliceInput {
  return {
    name: sliceName(symbol),
    requests: [{ endpoint: 'option-chain-contract-info', date, parameters: { symbol }, extension: 'json' }],
  };
}

/**
 * The chains to ask for: one for each of the nearest expiries that the main file names. None when the main file is a
 * chain itself.
 * @throws ChampionError CORRUPT when it is neither, or names no expiry from the date on
 */
export function chainInputs(main: SourceFile, symbol: string, date: BusinessDate, expiries: number): SliceInput[] {
  // Zipped answers are whole chains that someone kept; the site does not zip.
  if (main.bytes[0] === 0x50 && main.bytes[1] === 0x4b) return [];
  const answer = object(parseJson(main.bytes, main.fileName));
  if (object(answer?.records)) return [];
  const published = list(answer?.expiryDates)?.flatMap((expiry) => {
    const printed = text(expiry);
    const day = printed === undefined ? undefined : parseExchangeDate(printed);
    return printed !== undefined && day !== undefined && day >= date ? [{ printed, day }] : [];
  });
  if (published === undefined || published.length === 0) {
    throw new ChampionError(`${main.fileName} names no expiry of ${symbol} from ${date} on`, {
      code: 'CORRUPT',
      hint: `Check that ${symbol} has options; the site answers {} for what it does not know and when it refuses.`,
      context: { file: main.fileName, symbol, first: Buffer.from(main.bytes.subarray(0, 200)).toString('utf8') },
    });
  }
  const nearest = published.toSorted((a, b) => (a.day < b.day ? -1 : 1)).slice(0, expiries);
  const type = INDEX_SYMBOLS.has(symbol) ? 'Indices' : 'Equity';
  return nearest.map(({ printed, day }) => ({
    name: chainInputName(symbol, day),
    requests: [{ endpoint: 'option-chain', date, parameters: { type, symbol, expiry: printed }, extension: 'json' }],
  }));
}

function chainInputName(symbol: string, expiry: BusinessDate): string {
  return `${sliceName(symbol)}.${expiry}`;
}

/** The expiry that an input was asked for; undefined for the main one. */
export function expiryOfInput(input: string): string | undefined {
  return /\.(\d{4}-\d{2}-\d{2})$/.exec(input)?.[1];
}
