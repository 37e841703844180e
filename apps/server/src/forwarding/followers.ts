import { join } from 'node:path';
import { datasets } from '@champion/datasets';
import type { Follower, InternalLog, RunReader } from '@champion/engine';
import type { Services } from '@champion/flows';
import type { TrackingStore } from '@champion/tracking';
import type { Config } from '../config.ts';
import { flows } from '../flows.ts';
import {
  intoFile,
  lineageFollower,
  overHttp,
  RunEvents,
  Schemas,
  type Transport,
  toucher,
} from '../openlineage/index.ts';
import { mlflowForward } from '../tracking/mlflow-forward.ts';
import { recorder } from '../tracking/recorder.ts';
import { basic, serviceAt } from './ask.ts';

interface Parts {
  readonly config: Config;
  readonly runs: RunReader;
  readonly services: Pick<Services, 'warehouse'>;
  readonly tracking: TrackingStore;
  /** Where the tracking API of this server is. */
  readonly trackingUrl: string;
  readonly version: string;
  readonly log: InternalLog;
}

/** Who is told of what runs come to: Champion's own tracking, and whom the configuration names. */
export function followersOf(parts: Parts): Follower[] {
  return [recorder(parts.runs, parts.tracking), ...mlflow(parts), ...lineage(parts)];
}

function mlflow({ config, runs, trackingUrl, log }: Parts): Follower[] {
  if (config.mlflow === undefined) return [];
  const { uri, username, password, token } = config.mlflow;
  if (isSame(uri, trackingUrl)) {
    log('info', "MLFLOW_TRACKING_URI is this server's own tracking: nothing is forwarded to it");
    return [];
  }
  const login = username === undefined ? undefined : basic(username, password ?? '');
  const authorization = token === undefined ? login : `Bearer ${token}`;
  return [mlflowForward(runs, serviceAt('The MLflow server', uri, authorization))];
}

function lineage({ config, runs, services, version, log }: Parts): Follower[] {
  const { url, endpoint, apiKey, file, namespace } = config.openLineage;
  const stores = {
    exchangeUrl: config.archivesUrl,
    lakeRoot: join(config.home, 'lake'),
    clickhouseUrl: config.clickhouseUrl,
    kafkaBrokers: config.kafkaBrokers,
  };
  const descriptions = new Map(flows.map(({ name, description }) => [name, description]));
  const events = new RunEvents({
    namespace,
    version,
    describe: (flow) => descriptions.get(flow),
    touched: toucher(datasets, stores),
  });
  const schemas = new Schemas(services.warehouse, log);
  const follower = (name: string, transport: Transport) => lineageFollower({ name, runs, events, schemas, transport });
  const authorization = apiKey === undefined ? undefined : `Bearer ${apiKey}`;
  const server = (address: string) => overHttp(serviceAt('The OpenLineage server', address, authorization), endpoint);
  return [
    ...(url === undefined ? [] : [follower('openlineage', server(url))]),
    ...(file === undefined ? [] : [follower('openlineage-file', intoFile(file))]),
  ];
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'];

/** Whether two addresses are one listener: a machine calls itself by several names. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [new URL(a), new URL(b)];
  const host = ({ hostname }: URL) => (LOOPBACK.includes(hostname) ? 'localhost' : hostname);
  return host(one) === host(other) && one.port === other.port;
}
