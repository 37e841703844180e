export { type Member, readSingleMember, type SingleMemberOptions } from './archive/single-member.ts';
export {
  type Accepts,
  type Endpoint,
  type EndpointUrlOptions,
  endpointTable,
  endpointUrl,
  type HostName,
} from './endpoints.ts';
export {
  type Answer,
  createExchange,
  type Exchange,
  type ExchangeOptions,
  type FetchOptions,
  type ProbeResult,
  type RequestEvent,
} from './exchange.ts';
export type { Timeouts } from './http/client.ts';
export { type LocalFile, readLocalFile } from './local-file.ts';
export { type After, createPacer, type Pacer, type PacerOptions } from './pacing/pacer.ts';
