import { ChampionError, closest } from '@champion/core';
import type { Industry } from './industry.ts';

/** How the members of an index are picked from all companies, largest first. */
type Pick =
  /** By size alone: places `from` to `to` of the ranking, the latter excluded. */
  | { readonly by: 'rank'; readonly from: number; readonly to: number }
  /** The largest of a trade; the count may change with a review, each given as [year × 2 + half, count]. */
  | {
      readonly by: 'industry';
      readonly fits: (industry: Industry) => boolean;
      readonly counts: readonly (readonly [number, number])[];
    };

/** One index of the exchange. */
export interface IndexDefinition {
  /** As the site's API asks for it and answers. */
  readonly name: string;
  /** As the daily closing file spells it. */
  readonly closeName: string;
  /** As charts and the list of all indices abbreviate it. */
  readonly symbol: string;
  /** Name of the list of its members in /content/indices. */
  readonly listFile: string;
  /** Heading in the list of all indices. */
  readonly group: string;
  readonly pick: Pick;
  /** Level on the anchor day, in the middle of the range of what the real one shows in 2024. */
  readonly anchor: number;
}

const DERIVATIVES = 'INDICES ELIGIBLE IN DERIVATIVES';
const BROAD = 'BROAD MARKET INDICES';
const SECTORAL = 'SECTORAL INDICES';

const ranked = (from: number, to: number): Pick => ({ by: 'rank', from, to });
const sector = (fits: (industry: Industry) => boolean, ...counts: [number, number][]): Pick => ({
  by: 'industry',
  fits,
  counts,
});
const named =
  (...names: string[]) =>
  ({ name }: Industry): boolean =>
    names.includes(name);

const BANKS_GROW = 2026 * 2;

function index(
  name: string,
  closeName: string,
  listFile: string,
  group: string,
  anchor: number,
  pick: Pick,
  symbol = name,
): IndexDefinition {
  return { name, closeName, listFile: `${listFile}.csv`, group, anchor, pick, symbol };
}

/** Every index of the simulated exchange, in the order of its lists. */
export const INDICES: readonly IndexDefinition[] = [
  index('NIFTY 50', 'Nifty 50', 'ind_nifty50list', DERIVATIVES, 22_500, ranked(0, 50)),
  index('NIFTY NEXT 50', 'Nifty Next 50', 'ind_niftynext50list', DERIVATIVES, 61_000, ranked(50, 100)),
  index(
    'NIFTY BANK',
    'Nifty Bank',
    'ind_niftybanklist',
    DERIVATIVES,
    47_500,
    sector(({ basic }) => /Bank$/.test(basic), [0, 12], [BANKS_GROW, 14]),
  ),
  index(
    'NIFTY FINANCIAL SERVICES',
    'Nifty Financial Services',
    'ind_niftyfinancelist',
    DERIVATIVES,
    21_100,
    sector(named('Financial Services'), [0, 20]),
    'NIFTY FIN SERVICE',
  ),
  index(
    'NIFTY MIDCAP SELECT',
    'Nifty Midcap Select',
    'ind_niftymidcapselect_list',
    DERIVATIVES,
    11_000,
    ranked(100, 125),
    'NIFTY MID SELECT',
  ),
  index('NIFTY 100', 'Nifty 100', 'ind_nifty100list', BROAD, 23_300, ranked(0, 100)),
  index('NIFTY 200', 'Nifty 200', 'ind_nifty200list', BROAD, 12_600, ranked(0, 200)),
  index('NIFTY 500', 'Nifty 500', 'ind_nifty500list', BROAD, 20_500, ranked(0, 500)),
  index('NIFTY MIDCAP 150', 'Nifty Midcap 150', 'ind_niftymidcap150list', BROAD, 18_200, ranked(100, 250)),
  index('NIFTY SMALLCAP 250', 'Nifty Smallcap 250', 'ind_niftysmallcap250list', BROAD, 14_600, ranked(250, 500)),
  index('NIFTY IT', 'Nifty IT', 'ind_niftyitlist', SECTORAL, 35_000, sector(named('Information Technology'), [0, 10])),
  index(
    'NIFTY AUTO',
    'Nifty Auto',
    'ind_niftyautolist',
    SECTORAL,
    21_500,
    sector(named('Automobile and Auto Components'), [0, 15]),
  ),
  index(
    'NIFTY PHARMA',
    'Nifty Pharma',
    'ind_niftypharmalist',
    SECTORAL,
    19_000,
    sector(({ basic }) => basic === 'Pharmaceuticals', [0, 20]),
  ),
  index(
    'NIFTY FMCG',
    'Nifty FMCG',
    'ind_niftyfmcglist',
    SECTORAL,
    54_000,
    sector(named('Fast Moving Consumer Goods'), [0, 15]),
  ),
  index('NIFTY METAL', 'Nifty Metal', 'ind_niftymetallist', SECTORAL, 8_250, sector(named('Metals & Mining'), [0, 15])),
];

/** The index of that name, as the site spells it; undefined when there is none. */
export function findIndex(name: string): IndexDefinition | undefined {
  return INDICES.find((known) => known.name === name || known.symbol === name);
}

/** The index of that name. Throws INVALID_INPUT when there is none. */
export function indexNamed(name: string): IndexDefinition {
  const found = findIndex(name);
  if (found) return found;
  const names = INDICES.map((known) => known.name);
  const near = closest(name, names);
  throw new ChampionError(`the simulated exchange has no index "${name}"`, {
    code: 'INVALID_INPUT',
    hint: near === undefined ? `It has ${names.join(', ')}.` : `Did you mean "${near}"?`,
    context: { index: name },
  });
}
