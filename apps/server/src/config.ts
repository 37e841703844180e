import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { ChampionError, closest } from '@champion/core';
import { readKey } from '@champion/engine';

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
  /** Address that the server listens on. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Of the tracking API; 0: any that is free. */
  readonly trackingPort: number;
  /** Where a worker in a process of its own tells its metrics; undefined: nowhere. */
  readonly metricsPort: number | undefined;
  /** What every request to the server must carry. A secret. */
  readonly apiKey: string | undefined;
  /** What secrets of blocks are encrypted with; undefined: the key in the home. A secret. */
  readonly secretKey: string | undefined;
  /** The server that commands talk to; undefined: the one of this machine. */
  readonly apiUrl: string | undefined;
  /** Where a failed or long run is told of; undefined: nowhere unless a rule says so. A secret. */
  readonly slackWebhookUrl: string | undefined;
  /** Whether alerts may be sent to addresses of private networks. */
  readonly alertsPrivateNetworks: boolean;
  /** Brokers of Kafka that rows are sent to, "host:port" each; undefined: rows are not sent. */
  readonly kafkaBrokers: readonly string[] | undefined;
  /** Where lineage is told of; undefined parts: not there. */
  readonly openLineage: {
    readonly url: string | undefined;
    /** Path behind the URL. */
    readonly endpoint: string;
    /** A secret. */
    readonly apiKey: string | undefined;
    /** Absolute. */
    readonly file: string | undefined;
    /** Of the jobs. */
    readonly namespace: string;
  };
  /** Another MLflow server, to which runs are forwarded; undefined: none. User, password and token are secrets. */
  readonly mlflow:
    | {
        readonly uri: string;
        readonly username: string | undefined;
        readonly password: string | undefined;
        readonly token: string | undefined;
      }
    | undefined;
  /** How long the records of what is over are kept, in ms. */
  readonly retention: { readonly runsMs: number; readonly logsMs: number };
  /** Most runs that the server's own worker executes at once. */
  readonly workerConcurrency: number;
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
    name: 'KAFKA_BROKERS',
    default: undefined,
    meaning:
      'Kafka brokers as `host:port`, several separated by commas, to which rows are sent as [events](how-to/events.md). Without it none are.',
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
    meaning:
      'Pace per host of each process that asks, at most 3 towards the exchange itself: with several workers, each its share.',
  },
  {
    name: 'CHAMPION_HOST',
    default: '127.0.0.1',
    meaning: 'Address that the server listens on. One that other machines can reach needs `CHAMPION_API_KEY`.',
  },
  {
    name: 'CHAMPION_PORT',
    default: '4200',
    meaning: 'Port of the API and the web app.',
  },
  {
    name: 'CHAMPION_TRACKING_PORT',
    default: '5000',
    meaning: "Port of the tracking app and its API, which MLflow's clients understand.",
  },
  {
    name: 'CHAMPION_METRICS_PORT',
    default: undefined,
    meaning: 'Port on which a worker in a process of its own serves `/metrics`. The server serves its own on its port.',
  },
  {
    name: 'CHAMPION_API_KEY',
    default: undefined,
    meaning:
      'What every request to the server must carry, and what commands send: 16 characters or more, without spaces or a colon.',
  },
  {
    name: 'CHAMPION_SECRET_KEY',
    default: undefined,
    meaning:
      'Key that the secrets of blocks are encrypted with, 32 bytes in base64 or hex: the same for every machine on a database. Without it the one in `<CHAMPION_HOME>/secret.key`, made when the first secret comes.',
  },
  {
    name: 'CHAMPION_API_URL',
    default: undefined,
    meaning: 'The server that commands talk to, as `http(s)://…`. Without it the one of this machine.',
  },
  {
    name: 'SLACK_WEBHOOK_URL',
    default: undefined,
    meaning: 'Slack incoming webhook that is told of runs which fail or take longer than ten minutes.',
  },
  {
    name: 'CHAMPION_ALERTS_PRIVATE_NETWORKS',
    default: 'false',
    meaning: 'Whether alerts may be sent to addresses of private networks: `true` or `false`.',
  },
  {
    name: 'OPENLINEAGE_URL',
    default: undefined,
    meaning: 'OpenLineage server (Marquez, DataHub and others) that is told of what each run read and wrote.',
  },
  {
    name: 'OPENLINEAGE_ENDPOINT',
    default: 'api/v1/lineage',
    meaning: 'Path behind `OPENLINEAGE_URL` to which events are posted.',
  },
  {
    name: 'OPENLINEAGE_API_KEY',
    default: undefined,
    meaning: 'What is sent to `OPENLINEAGE_URL` as `Authorization: Bearer …`.',
  },
  {
    name: 'OPENLINEAGE_NAMESPACE',
    default: 'champion',
    meaning: 'Namespace of the jobs in OpenLineage events.',
  },
  {
    name: 'OPENLINEAGE__TRANSPORT__LOG_FILE_PATH',
    default: undefined,
    meaning: 'File to which OpenLineage events are added, a line of JSON each; five files of 64 MB are kept.',
  },
  {
    name: 'OPENLINEAGE_DISABLED',
    default: 'false',
    meaning: 'Whether nobody is told of lineage, whatever else is set: `true` or `false`.',
  },
  {
    name: 'MLFLOW_TRACKING_URI',
    default: undefined,
    meaning:
      "MLflow server, as `http(s)://…`, to which each run is forwarded. Champion's own tracking is there without it.",
  },
  {
    name: 'MLFLOW_TRACKING_USERNAME',
    default: undefined,
    meaning: 'User at `MLFLOW_TRACKING_URI`.',
  },
  {
    name: 'MLFLOW_TRACKING_PASSWORD',
    default: undefined,
    meaning: 'Password at `MLFLOW_TRACKING_URI`.',
  },
  {
    name: 'MLFLOW_TRACKING_TOKEN',
    default: undefined,
    meaning: 'What is sent to `MLFLOW_TRACKING_URI` as `Authorization: Bearer …`, instead of user and password.',
  },
  {
    name: 'CHAMPION_RETENTION_RUNS',
    default: '90d',
    meaning: 'How long records of ended runs are kept: `90d`, `12h`, `30m`. Data is never removed.',
  },
  {
    name: 'CHAMPION_RETENTION_LOGS',
    default: '30d',
    meaning: 'How long log lines and state histories of ended runs are kept, if their run is.',
  },
  {
    name: 'CHAMPION_WORKER_CONCURRENCY',
    default: '5',
    meaning: "Most runs that the server's own worker executes at once.",
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
  const lineage = !yesOrNo('OPENLINEAGE_DISABLED', required('OPENLINEAGE_DISABLED'));
  const mlflowUri = optionalUrl('MLFLOW_TRACKING_URI', web);
  return {
    home: resolve(required('CHAMPION_HOME')),
    databaseUrl: optionalUrl('DATABASE_URL', ['postgresql:', 'postgres:']),
    clickhouseUrl: optionalUrl('CLICKHOUSE_URL', web),
    kafkaBrokers: brokers(read('KAFKA_BROKERS')),
    archivesUrl,
    siteUrl,
    requestsPerSecond: pace(required('NSE_REQUESTS_PER_SECOND'), [archivesUrl, siteUrl]),
    host: host(required('CHAMPION_HOST')),
    port: wholeNumber('CHAMPION_PORT', required('CHAMPION_PORT'), 0, 65_535),
    trackingPort: wholeNumber('CHAMPION_TRACKING_PORT', required('CHAMPION_TRACKING_PORT'), 0, 65_535),
    metricsPort: optionalNumber('CHAMPION_METRICS_PORT', read('CHAMPION_METRICS_PORT')),
    apiKey: apiKey(read('CHAMPION_API_KEY')),
    secretKey: secretKey(read('CHAMPION_SECRET_KEY')),
    apiUrl: optionalUrl('CHAMPION_API_URL', web),
    slackWebhookUrl: optionalUrl('SLACK_WEBHOOK_URL', web),
    alertsPrivateNetworks: yesOrNo('CHAMPION_ALERTS_PRIVATE_NETWORKS', required('CHAMPION_ALERTS_PRIVATE_NETWORKS')),
    openLineage: {
      url: lineage ? optionalUrl('OPENLINEAGE_URL', web) : undefined,
      endpoint: required('OPENLINEAGE_ENDPOINT'),
      apiKey: read('OPENLINEAGE_API_KEY'),
      file: lineage ? absolute(read('OPENLINEAGE__TRANSPORT__LOG_FILE_PATH')) : undefined,
      namespace: required('OPENLINEAGE_NAMESPACE'),
    },
    mlflow:
      mlflowUri === undefined
        ? undefined
        : {
            uri: mlflowUri,
            username: read('MLFLOW_TRACKING_USERNAME'),
            password: read('MLFLOW_TRACKING_PASSWORD'),
            token: read('MLFLOW_TRACKING_TOKEN'),
          },
    retention: {
      runsMs: span('CHAMPION_RETENTION_RUNS', required('CHAMPION_RETENTION_RUNS')),
      logsMs: span('CHAMPION_RETENTION_LOGS', required('CHAMPION_RETENTION_LOGS')),
    },
    workerConcurrency: wholeNumber('CHAMPION_WORKER_CONCURRENCY', required('CHAMPION_WORKER_CONCURRENCY'), 1, 1_000),
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

/** A name or an address alone; of an IPv6 address, brackets are taken off. */
function host(text: string): string {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(bare)) return bare;
  throw wrong('CHAMPION_HOST', text, 'an address or a name, without a port');
}

function wholeNumber(name: Name, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw wrong(name, text, `a whole number from ${least} to ${most}`);
}

/** Short keys can be guessed; and what is no token cannot be sent in a header by every client. */
function apiKey(text: string | undefined): string | undefined {
  if (text === undefined || /^[\x21-\x39\x3b-\x7e]{16,500}$/.test(text)) return text;
  throw wrong('CHAMPION_API_KEY', '', 'at least 16 letters, digits or signs, without spaces or a colon');
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function secretKey(text: string | undefined): string | undefined {
  if (text === undefined || readKey(text) !== undefined) return text;
  throw wrong('CHAMPION_SECRET_KEY', '', '32 bytes in base64 or hex; openssl rand -base64 32 makes such a key');
}

function brokers(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const list = text.split(',').map((broker) => broker.trim());
  const port = (broker: string) => Number(/^(?:[a-z0-9._-]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(broker)?.[1]);
  if (list.every((broker) => port(broker) > 0 && port(broker) <= 65_535)) return list;
  throw wrong('KAFKA_BROKERS', text, 'host:port, several separated by commas');
}

function optionalNumber(name: Name, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text, 0, 65_535);
}

function yesOrNo(name: Name, text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw wrong(name, text, 'true or false');
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "90d" in ms. */
function span(name: Name, text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw wrong(name, text, 'a time span such as 90d, 12h or 30m');
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
    context: { variable: name, ...(/_(UR[LI]|KEY)$/.test(name) ? {} : { given }) },
  });
}
