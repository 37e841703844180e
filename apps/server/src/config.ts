import { resolve } from 'node:path';
import { ChampionError, closest } from '@champion/core';

/** What the process was told, read once from the environment and the command line. */
export interface Config {
  /** Folder of everything the embedded stack keeps. Absolute. */
  readonly home: string;
  /** PostgreSQL to use instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  /** ClickHouse server to use instead of the embedded engine. */
  readonly clickhouseUrl: string | undefined;
  readonly archivesUrl: string;
  readonly siteUrl: string;
  /** Requests per second and host. */
  readonly requestsPerSecond: number;
}

interface Variable {
  readonly name: string;
  /** Undefined: the setting is absent unless given. */
  readonly default: string | undefined;
  readonly meaning: string;
}

/** Every environment variable the product reads; docs/configuration.md shows the same table. */
export const variables = [
  {
    name: 'CHAMPION_HOME',
    default: './data',
    meaning: 'Folder of the embedded stack: `postgres/`, `warehouse/`, `lake/`.',
  },
  {
    name: 'DATABASE_URL',
    default: undefined,
    meaning: 'PostgreSQL for runs and their records, as `postgresql://…`. Without it an embedded server is started.',
  },
  {
    name: 'CLICKHOUSE_URL',
    default: undefined,
    meaning:
      'ClickHouse server, as `http(s)://user:password@host:port`. Without it ClickHouse runs inside the process.',
  },
  {
    name: 'NSE_ARCHIVES_URL',
    default: 'https://nsearchives.nseindia.com',
    meaning: "The exchange's file archive; point it at a simulator or a mirror.",
  },
  {
    name: 'NSE_SITE_URL',
    default: 'https://www.nseindia.com',
    meaning: "The exchange's site; its API is under `/api`.",
  },
  {
    name: 'NSE_REQUESTS_PER_SECOND',
    default: '3',
    meaning: 'Pace per host, at most 3 towards the exchange itself.',
  },
] as const satisfies readonly Variable[];

type Name = (typeof variables)[number]['name'];
type Environment = Readonly<Record<string, string | undefined>>;

/** The exchange's own hosts get no more than this, whatever is configured. */
const POLITE = 3;
/** And no more than this when they are asked for hours. */
const PATIENT = 1;

/**
 * Reads and checks the environment.
 * @throws ChampionError CONFIG naming the variable, what it holds and what it should hold
 */
export function parseEnv(env: Environment): Config {
  refuseUnknown(env);
  const read = (name: Name): string | undefined => {
    const given = env[name]?.trim();
    return given === undefined || given === '' ? variables.find((variable) => variable.name === name)?.default : given;
  };
  const required = (name: Name): string => {
    const value = read(name);
    if (value === undefined) throw wrong(name, '', 'a value');
    return value;
  };
  const url = (name: Name, value: string, protocols: readonly string[]): string => {
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw wrong(name, value, `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
    }
    return value.replace(/\/+$/, '');
  };
  const optionalUrl = (name: Name, protocols: readonly string[]): string | undefined => {
    const value = read(name);
    return value === undefined ? undefined : url(name, value, protocols);
  };
  const web = ['https:', 'http:'];
  const archivesUrl = url('NSE_ARCHIVES_URL', required('NSE_ARCHIVES_URL'), web);
  const siteUrl = url('NSE_SITE_URL', required('NSE_SITE_URL'), web);
  return {
    home: resolve(required('CHAMPION_HOME')),
    databaseUrl: optionalUrl('DATABASE_URL', ['postgresql:', 'postgres:']),
    clickhouseUrl: optionalUrl('CLICKHOUSE_URL', web),
    archivesUrl,
    siteUrl,
    requestsPerSecond: pace(required('NSE_REQUESTS_PER_SECOND'), [archivesUrl, siteUrl]),
  };
}

/** The configuration for work that goes on for long: the exchange's own hosts get one request a second at most. */
export function patient(config: Config): Config {
  if (!isExchange([config.archivesUrl, config.siteUrl])) return config;
  return { ...config, requestsPerSecond: Math.min(config.requestsPerSecond, PATIENT) };
}

function isExchange(urls: readonly string[]): boolean {
  return urls.some((url) => /(^|\.)nseindia\.com$/.test(new URL(url).hostname));
}

function pace(text: string, urls: readonly string[]): number {
  const value = Number(text);
  const most = isExchange(urls) ? POLITE : 1000;
  if (Number.isFinite(value) && value > 0 && value <= most) return value;
  throw wrong('NSE_REQUESTS_PER_SECOND', text, `a number above 0 and up to ${most}`);
}

function refuseUnknown(env: Environment): void {
  const known = variables.map(({ name }) => name as string);
  const unknown = Object.keys(env).find(
    (name) => name.startsWith('CHAMPION_') && !known.includes(name) && !isTestName(name),
  );
  if (unknown === undefined) return;
  const meant = closest(unknown, known);
  throw new ChampionError(`${unknown} is not a setting of Champion`, {
    code: 'CONFIG',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}All settings are in docs/configuration.md.`,
    context: { variable: unknown },
  });
}

/** The test suite's own switches are not settings of the product. */
function isTestName(name: string): boolean {
  return name.startsWith('CHAMPION_TEST_');
}

function wrong(name: Name, given: string, expected: string): ChampionError {
  return new ChampionError(`${name} should be ${expected}`, {
    code: 'CONFIG',
    hint: 'All settings are in docs/configuration.md.',
    // A database URL carries a password: what was given is shown only where it cannot.
    context: { variable: name, ...(name.endsWith('_URL') ? {} : { given }) },
  });
}
