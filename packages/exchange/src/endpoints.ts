import { type BusinessDate, ChampionError, dateForms } from '@champion/core';

/** The exchange has two hosts: one serves files, the other the pages and their API. */
export type HostName = 'archives' | 'site';

/** What an endpoint serves when all is well. */
export type Accepts = 'zip' | 'csv' | 'json';

export interface Endpoint {
  readonly host: HostName;
  /** Path and query below the host's base URL, starting with a slash. */
  readonly path: (date: BusinessDate) => string;
  readonly accept: Accepts;
  /** True when the exchange answers only to callers that fetched its home page first. */
  readonly cookies: boolean;
}

/** 03-07-2024, as the site's API wants dates. */
function apiDate(date: BusinessDate): string {
  return `${dateForms.day(date)}-${dateForms.monthNumber(date)}-${dateForms.year(date)}`;
}

function deals(optionType: 'bulk_deals' | 'block_deals'): Endpoint['path'] {
  return (date) => {
    const query = new URLSearchParams({ optionType, from: apiDate(date), to: apiDate(date), csv: 'true' });
    return `/api/historicalOR/bulk-block-short-deals?${query}`;
  };
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
  /** Trading holidays of the current year, by segment. */
  'holiday-master': {
    host: 'site',
    path: () => '/api/holiday-master?type=trading',
    accept: 'json',
    cookies: true,
  },
  'bulk-deals': { host: 'site', path: deals('bulk_deals'), accept: 'csv', cookies: true },
  'block-deals': { host: 'site', path: deals('block_deals'), accept: 'csv', cookies: true },
};

export interface EndpointUrlOptions {
  readonly date: BusinessDate;
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
  return new URL(`${base.href.replace(/\/+$/, '')}${endpoint.path(options.date)}`);
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
