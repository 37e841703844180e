import type { BusinessDate } from '@champion/core';

/** An index whose members can be asked for. */
export interface Index {
  /** As the exchange's site spells it: "NIFTY 50". */
  readonly name: string;
  /** The middle of the name of its list, ind_<list>list.csv; undefined when it is not known to have one. */
  readonly list?: string;
  /** How many members it has, from a date on; empty when that varies. */
  readonly counts: readonly (readonly [from: string, count: number])[];
  /** Other spellings in use. */
  readonly aliases: readonly string[];
}

function index(name: string, list: string, count: number | Index['counts'], ...aliases: string[]): Index {
  return { name, list, counts: typeof count === 'number' ? [['', count]] : count, aliases };
}

/** The regulator's rule of at least 14 members for an index with derivatives took effect with this review. */
const BANKS_GROW = '2025-12-31';

const KNOWN: readonly Index[] = [
  index('NIFTY 50', 'nifty50', 50, 'NIFTY'),
  index('NIFTY NEXT 50', 'niftynext50', 50, 'NIFTY JR', 'NIFTYNXT50'),
  index('NIFTY 100', 'nifty100', 100),
  index('NIFTY 200', 'nifty200', 200),
  index('NIFTY 500', 'nifty500', 500),
  index(
    'NIFTY BANK',
    'niftybank',
    [
      ['', 12],
      [BANKS_GROW, 14],
    ],
    'BANKNIFTY',
  ),
  index('NIFTY FINANCIAL SERVICES', 'niftyfinance', 20, 'FINNIFTY', 'NIFTYFIN', 'NIFTY FIN SERVICE'),
  index('NIFTY MIDCAP SELECT', 'niftymidcapselect_', 25, 'MIDCPNIFTY', 'NIFTY MID SELECT'),
  index('NIFTY IT', 'niftyit', 10, 'CNXIT'),
  index('NIFTY MIDCAP 50', 'niftymidcap50', 50),
  index('NIFTY MIDCAP 100', 'niftymidcap100', 100),
  index('NIFTY MIDCAP 150', 'niftymidcap150', 150),
  index('NIFTY SMALLCAP 50', 'niftysmallcap50', 50),
  index('NIFTY SMALLCAP 100', 'niftysmallcap100', 100),
  index('NIFTY SMALLCAP 250', 'niftysmallcap250', 250),
  index('NIFTY AUTO', 'niftyauto', 15),
  index('NIFTY PHARMA', 'niftypharma', 20),
  index('NIFTY FMCG', 'niftyfmcg', 15),
  index('NIFTY METAL', 'niftymetal', 15),
  index('NIFTY ENERGY', 'niftyenergy', []),
  index('NIFTY MEDIA', 'niftymedia', []),
  index('NIFTY REALTY', 'niftyrealty', 10),
  index('NIFTY PSU BANK', 'niftypsubank', 12),
];

/** What is asked for when nothing is said. */
export const DEFAULT_INDICES: readonly string[] = KNOWN.slice(0, 9).map(({ name }) => name);

const squash = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9&]/g, '');

const byName = new Map(KNOWN.flatMap((known) => [known.name, ...known.aliases].map((name) => [squash(name), known])));
const byList = new Map(KNOWN.map((known) => [known.list, known]));

/** The index of a name in any spelling in use; a name that is not known is taken as it stands, in capitals. */
export function indexNamed(name: string): Index {
  const plain = name.trim().replace(/\s+/g, ' ').toUpperCase();
  return byName.get(squash(plain)) ?? { name: plain, counts: [], aliases: [] };
}

/** The index whose list is published as ind_<list>list.csv. */
export function indexOfList(list: string): Index | undefined {
  return byList.get(list.toLowerCase());
}

/** Members that an index should have on a date; undefined when that is not known. */
export function expectedMembers(name: string, date: BusinessDate): number | undefined {
  return indexNamed(name).counts.findLast(([from]) => date >= from)?.[1];
}

/** The slice, and the input, of an index: "constituents.nifty-50". */
export function sliceName({ name }: Pick<Index, 'name'>): string {
  const slug = name
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `constituents.${slug}`;
}
