import { type BusinessDate, ChampionError, dateForms } from '@champion/core';

/** The exchange has two hosts: one serves files, the other the pages and their API. */
export type HostName = 'archives' | 'site';

/** What an endpoint serves when all is well. */
export type Accepts = 'zip' | 'csv' | 'json';

export interface Endpoint {
  readonly host: HostName;
  /** Path and query below the host's base URL, starting with a slash; parameters come unencoded. */
  readonly path: (date: BusinessDate, parameters: Readonly<Record<string, string>>) => string;
  readonly accept: Accepts;
  /** True when the exchange answers only to callers that fetched its home page first. */
  readonly cookies: boolean;
}

/** 03-07-2024, as the site's API wants dates. */
function apiDate(date: BusinessDate): string {
  return `${dateForms.day(date)}-${dateForms.monthNumber(date)}-${dateForms.year(date)}`;
}

function deals(optionType: 'bulk_deals' | 'block_deals' | 'short_selling'): Endpoint['path'] {
  return (date) => {
    const query = new URLSearchParams({ optionType, from: apiDate(date), to: apiDate(date), csv: 'true' });
    return `/api/historicalOR/bulk-block-short-deals?${query}`;
  };
}

/** An API path whose query is a parameter or two, for example a symbol: encoded here, since M&M is one. */
function api(path: string, names: readonly string[]): Endpoint['path'] {
  return (_date, parameters) => {
    const query = names.map((name): [string, string] => [name, required(parameters, name)]);
    return `/api/${path}?${new URLSearchParams(query).toString().replaceAll('+', '%20')}`;
  };
}

function required(parameters: Readonly<Record<string, string>>, name: string): string {
  const value = parameters[name];
  if (value !== undefined && value !== '') return value;
  throw new ChampionError(`the exchange must be told the ${name}`, {
    code: 'INVALID_INPUT',
    hint: `Give the request a parameter "${name}".`,
    context: { parameter: name },
  });
}

/** Every URL of the exchange that Champion knows. Endpoints move: this is the only place where one is written. */
export const endpointTable: Readonly<Record<string, Endpoint>> = {
  /** Bhavcopy in the UDiFF format: from 2024-01-01, and the only one from 2024-07-08. */
  'bhavcopy-udiff': {
    host: 'archives',
    path: (date) => `/content/cm/BhavCopy_NSE_CM_0_0_0_${dateForms.compact(date)}_F_0000.csv.zip`,
    accept: 'zip',
    cookies: false,
  },
  /** Bhavcopy in the old format: November 1994 to 2024-07-05. */
  'bhavcopy-legacy': {
    host: 'archives',
    path: (date) => {
      const [year, month, day] = [dateForms.year(date), dateForms.month(date), dateForms.day(date)];
      return `/content/historical/EQUITIES/${year}/${month}/cm${day}${month}${year}bhav.csv.zip`;
    },
    accept: 'zip',
    cookies: false,
  },
  /** Bhavcopy with delivery quantities. On a holiday it answers with the session before: the rows' DATE1 decides. */
  'sec-bhavdata-full': {
    host: 'archives',
    path: (date) => `/products/content/sec_bhavdata_full_${dateForms.dayFirst(date)}.csv`,
    accept: 'csv',
    cookies: false,
  },
  /** Listed equities as of now, whatever the date. */
  'equity-list': {
    host: 'archives',
    path: () => '/content/equities/EQUITY_L.csv',
    accept: 'csv',
    cookies: false,
  },
  /** Old symbol → new symbol, since the beginning. No header row. */
  'symbol-change': {
    host: 'archives',
    path: () => '/content/equities/symbolchange.csv',
    accept: 'csv',
    cookies: false,
  },
  /** Old name → new name, since the beginning. */
  'name-change': { host: 'archives', path: () => '/content/equities/namechange.csv', accept: 'csv', cookies: false },
  /** Trading holidays of the current year, by segment. */
  'holiday-master': {
    host: 'site',
    path: () => '/api/holiday-master?type=trading',
    accept: 'json',
    cookies: true,
  },
  'bulk-deals': { host: 'site', path: deals('bulk_deals'), accept: 'csv', cookies: true },
  'block-deals': { host: 'site', path: deals('block_deals'), accept: 'csv', cookies: true },
  'short-selling': { host: 'site', path: deals('short_selling'), accept: 'csv', cookies: true },
  /** The last day's deals, whatever the date: the rows' own date decides. */
  'bulk-deals-rolling': { host: 'archives', path: () => '/content/equities/bulk.csv', accept: 'csv', cookies: false },
  'block-deals-rolling': { host: 'archives', path: () => '/content/equities/block.csv', accept: 'csv', cookies: false },
  /** Members of an index with their quotes; the first row is the index itself. Parameter index: "NIFTY 50". */
  'index-constituents': { host: 'site', path: api('equity-stock-indices', ['index']), accept: 'json', cookies: true },
  /** Members of an index alone. Parameter list: "nifty50". */
  'index-list': {
    host: 'archives',
    path: (_date, parameters) => `/content/indices/ind_${encodeURIComponent(required(parameters, 'list'))}list.csv`,
    accept: 'csv',
    cookies: false,
  },
  /** Open, high, low, close of every index. */
  'index-close': {
    host: 'archives',
    path: (date) => `/content/indices/ind_close_all_${dateForms.dayFirst(date)}.csv`,
    accept: 'csv',
    cookies: false,
  },
  /** Expiries and strikes of an underlying. Parameter symbol. */
  'option-chain-contract-info': {
    host: 'site',
    path: api('option-chain-contract-info', ['symbol']),
    accept: 'json',
    cookies: true,
  },
  /** One expiry of an underlying's chain. Parameters type (Indices or Equity), symbol, expiry (26-May-2026). */
  'option-chain': {
    host: 'site',
    path: api('option-chain-v3', ['type', 'symbol', 'expiry']),
    accept: 'json',
    cookies: true,
  },
};

export interface EndpointUrlOptions {
  readonly date: BusinessDate;
  /** What the endpoint needs besides the date, unencoded. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Base URL of the host that serves files. */
  readonly archivesUrl: string;
  /** Base URL of the host that serves pages and the API. */
  readonly siteUrl: string;
  /** Endpoints that replace or extend the table, by name. */
  readonly endpoints?: Readonly<Record<string, Endpoint>> | undefined;
}

/** The endpoint of that name; INVALID_INPUT when there is none. */
export function endpointOf(name: string, overrides: Readonly<Record<string, Endpoint>> = {}): Endpoint {
  const table = { ...endpointTable, ...overrides };
  const endpoint = Object.hasOwn(table, name) ? table[name] : undefined;
  if (endpoint) return endpoint;
  throw new ChampionError(`the exchange has no endpoint called "${name}"`, {
    code: 'INVALID_INPUT',
    hint: `Known endpoints: ${Object.keys(table).join(', ')}.`,
    context: { endpoint: name },
  });
}

/** The URL to ask at an endpoint for a date. */
export function endpointUrl(name: string, options: EndpointUrlOptions): URL {
  const endpoint = endpointOf(name, options.endpoints);
  const base =
    endpoint.host === 'archives' ? baseUrl('archives', options.archivesUrl) : baseUrl('site', options.siteUrl);
  return new URL(`${base.href.replace(/\/+$/, '')}${endpoint.path(options.date, options.parameters ?? {})}`);
}

/** Reads a host's base URL; CONFIG when it is not an http(s) URL. A path in it is kept as a prefix. */
export function baseUrl(host: HostName, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.search === '' && url.hash === '') {
    return url;
  }
  const setting = host === 'archives' ? 'NSE_ARCHIVES_URL' : 'NSE_SITE_URL';
  throw new ChampionError(`the exchange's ${host} URL "${text}" is not a usable http or https URL`, {
    code: 'CONFIG',
    hint: `Set ${setting} to a URL such as https://www.example.com, without a query.`,
    context: { host, url: text },
  });
}
