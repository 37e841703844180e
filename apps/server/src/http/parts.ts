import type { Handlers, HandlersOf } from '@champion/contract';
import type { Clock } from '@champion/core';
import type { ControlPlane, DeploymentDefinition, InternalLog } from '@champion/engine';
import type { Metrics } from '../metrics/index.ts';
import type { SystemMonitor } from './system/monitor.ts';

/** What the API asks of the control plane. */
export type Plane = Pick<
  ControlPlane,
  | 'blocks'
  | 'events'
  | 'onLogs'
  | 'runs'
  | 'control'
  | 'deployments'
  | 'scheduler'
  | 'queues'
  | 'workers'
  | 'notifications'
>;

/** The operations of data and market, which have a folder of their own. */
export type DataHandlers = HandlersOf<'data' | 'market'> & Pick<Handlers, 'readSystem' | 'readSystemHistory'>;

/** What the handlers of the control plane work with. */
export interface ApiParts {
  readonly plane: Plane;
  /** The deployments that code declares, for /api/deploy. */
  readonly definitions: readonly DeploymentDefinition[];
  readonly clock: Clock;
}

/** What the whole application is made of. */
export interface Parts extends ApiParts {
  readonly data: DataHandlers;
  /** Counts requests, and has samples to tell; without it neither is done. */
  readonly monitor?: SystemMonitor;
  /** Of the product. */
  readonly version: string;
  readonly access: Access;
  /** What /metrics tells; without them there is no such path. */
  readonly metrics?: Metrics;
  /** Folder of the web app, absolute; while it is not there a landing page is served. */
  readonly webRoot?: string;
  readonly log: InternalLog;
}

/** Who may ask. */
export interface Access {
  /** The address that the server listens on. */
  readonly host: string;
  /** Every request must carry it; undefined: none is needed. */
  readonly apiKey: string | undefined;
}
