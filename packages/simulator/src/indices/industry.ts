import type { Instrument } from '../market/instrument.ts';
import { TRADES } from '../market/names.ts';

/** The index provider's name of an industry and the narrower one that the site shows. */
export interface Industry {
  readonly name: string;
  readonly basic: string;
}

const at = (name: string, basic: string): Industry => ({ name, basic });

const BANK = at('Financial Services', 'Private Sector Bank');
const NBFC = at('Financial Services', 'Non Banking Financial Company (NBFC)');
const SOFTWARE = at('Information Technology', 'Computers - Software & Consulting');
const PHARMA = at('Healthcare', 'Pharmaceuticals');
const CARS = at('Automobile and Auto Components', 'Passenger Cars & Utility Vehicles');
const PARTS = at('Automobile and Auto Components', 'Auto Components & Equipments');
const STEEL = at('Metals & Mining', 'Iron & Steel');
const MINING = at('Metals & Mining', 'Industrial Minerals');
const FOODS = at('Fast Moving Consumer Goods', 'Diversified FMCG');
const POWER = at('Power', 'Power Generation');
const OIL = at('Oil Gas & Consumable Fuels', 'Refineries & Marketing');
const TELECOM = at('Telecommunication', 'Telecom - Cellular & Fixed line services');
const BUILD = at('Construction', 'Civil Construction');
const GOODS = at('Capital Goods', 'Industrial Products');
const JEWELS = at('Consumer Durables', 'Gems, Jewellery And Watches');
const CHEMICALS = at('Chemicals', 'Commodity Chemicals');
const TEXTILES = at('Textiles', 'Other Textile Products');
const SERVICES = at('Services', 'Logistics Solution Provider');

const KNOWN: Readonly<Record<string, Industry>> = {
  RELIANCE: OIL,
  TCS: SOFTWARE,
  HDFCBANK: BANK,
  ICICIBANK: BANK,
  INFY: SOFTWARE,
  SBIN: at('Financial Services', 'Public Sector Bank'),
  ITC: FOODS,
  BHARTIARTL: TELECOM,
  LT: BUILD,
  HINDUNILVR: FOODS,
  'M&M': CARS,
  'BAJAJ-AUTO': CARS,
  'J&KBANK': BANK,
  AXISBANK: BANK,
  KOTAKBANK: BANK,
  MARUTI: CARS,
  SUNPHARMA: PHARMA,
  TITAN: JEWELS,
  WIPRO: SOFTWARE,
  ONGC: at('Oil Gas & Consumable Fuels', 'Oil Exploration & Production'),
  NTPC: POWER,
  POWERGRID: POWER,
  COALINDIA: at('Oil Gas & Consumable Fuels', 'Coal'),
  TATASTEEL: STEEL,
  HINDALCO: at('Metals & Mining', 'Aluminium'),
  VEDL: at('Metals & Mining', 'Diversified Metals'),
  NMDC: MINING,
  CIPLA: PHARMA,
  MRF: PARTS,
  ASHOKLEY: CARS,
  'M&MFIN': NBFC,
  GMRAIRPORT: SERVICES,
  'NAM-INDIA': at('Financial Services', 'Asset Management Company'),
  'ARE&M': PARTS,
};

const BY_TRADE: Readonly<Record<string, Industry>> = {
  AGRO: FOODS,
  ALLO: STEEL,
  AUTO: PARTS,
  BANK,
  BIO: PHARMA,
  CAP: NBFC,
  CEM: at('Construction Materials', 'Cement & Cement Products'),
  CERA: at('Consumer Durables', 'Ceramics'),
  CHEM: CHEMICALS,
  DIAG: at('Healthcare', 'Healthcare Service Provider'),
  DYE: CHEMICALS,
  FERT: CHEMICALS,
  FIN: NBFC,
  GAS: at('Oil Gas & Consumable Fuels', 'LPG/CNG/PNG/LNG Supplier'),
  HOSP: at('Healthcare', 'Hospital'),
  HOTL: at('Consumer Services', 'Hotels & Resorts'),
  INFR: BUILD,
  INSU: at('Financial Services', 'General Insurance'),
  JEWL: JEWELS,
  LEAT: JEWELS,
  LOGI: SERVICES,
  MEDI: at('Media Entertainment & Publication', 'TV Broadcasting & Software Production'),
  MILL: TEXTILES,
  MINE: MINING,
  OIL,
  PAIN: at('Consumer Durables', 'Paints'),
  PAPR: at('Forest Materials', 'Paper & Paper Products'),
  PHAR: PHARMA,
  POWR: POWER,
  REAL: at('Realty', 'Residential, Commercial Projects'),
  RETL: at('Consumer Services', 'Speciality Retail'),
  SHIP: SERVICES,
  SOFT: SOFTWARE,
  SPIN: TEXTILES,
  STEE: STEEL,
  SUGR: FOODS,
  TEA: FOODS,
  TELE: TELECOM,
};

// Symbols of invented companies end in their trade.
const SUFFIXES = TRADES.map(([suffix]) => suffix).toSorted((a, b) => b.length - a.length);

/** The industry of a company, by its symbol. */
export function industryOf({ symbol }: Instrument): Industry {
  const known = KNOWN[symbol];
  if (known) return known;
  const trade = SUFFIXES.find((suffix) => symbol.endsWith(suffix));
  return (trade === undefined ? undefined : BY_TRADE[trade]) ?? GOODS;
}

/** Words that keep their capitals. */
const ACRONYMS: ReadonlySet<string> = new Set(
  'HDFC ICICI ITC NTPC NMDC MRF GMR GE S&S M&M T&D L A M RE MF ETF IT FMCG ESG'.split(' '),
);

/** A name as lists and deals print it: "KONARK STEEL" becomes "Konark Steel". */
export function titledName(name: string): string {
  return name
    .split(' ')
    .map((word) => (ACRONYMS.has(word) ? word : word.slice(0, 1) + word.slice(1).toLowerCase()))
    .join(' ');
}

/** A company's name as the index provider spells it, with the given ending: Ltd. in lists, Limited on the site. */
export function companyName({ name, fullName = name }: Instrument, ending: 'Ltd.' | 'Limited'): string {
  // Names come cut to 25 characters, mostly within the last word.
  const bare = fullName.replace(/ +(LIMITED|LIMITE|LIMIT|LIMI|LIM|LI|L|LTD\.?|LT)$/, '').replace(/ {2,}/g, ' ');
  return `${titledName(bare)} ${ending}`;
}
