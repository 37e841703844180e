import type { ErrorCode } from '@champion/core';
import { endpointTable, type RequestEvent } from '@champion/exchange';
import { Counter, Histogram, Registry } from 'prom-client';
import { known } from './labels.ts';

type Told = Pick<RequestEvent, 'endpoint' | 'outcome' | 'ms' | 'bytes'>;

/** What this process asks of the exchange. */
export interface ExchangeMetrics {
  readonly register: Registry;
  /** For `createExchange({ onRequest })`. */
  readonly onRequest: (event: Told) => void;
}

/** What a request can end in; the visit that brings the cookies and the test of a host are endpoints too. */
const OUTCOMES = [
  'OK',
  'REDIRECT',
  'NOT_FOUND',
  'BLOCKED',
  'CORRUPT',
  'UNREACHABLE',
  'TIMEOUT',
  'CANCELLED',
  'INTERNAL',
] as const satisfies readonly ('OK' | 'REDIRECT' | ErrorCode)[];
const FURTHER_ENDPOINTS = ['home', 'probe'];

/** The exchange answers in tenths of a second; requests are given up after half a minute or more. */
const SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Made before the exchange's client is, which tells it of each request. */
export function exchangeMetrics(): ExchangeMetrics {
  const register = new Registry();
  const registers = [register];
  const endpoints = [...Object.keys(endpointTable), ...FURTHER_ENDPOINTS];
  const endpointOf = known(endpoints);
  const outcomeOf = known(OUTCOMES.map((outcome) => outcome.toLowerCase()));
  const requests = new Counter({
    name: 'champion_exchange_requests_total',
    help: 'HTTP requests of this process to the exchange that have ended, by what their answer meant',
    labelNames: ['endpoint', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'champion_exchange_request_duration_seconds',
    help: 'From sending a request to the end of its answer, the wait for its turn not included',
    labelNames: ['endpoint'],
    buckets: SECONDS,
    registers,
  });
  const bytes = new Counter({
    name: 'champion_exchange_response_bytes_total',
    help: "Bytes of the exchange's answers, decoded",
    labelNames: ['endpoint'],
    registers,
  });
  // A counter that first appears with 1 has not increased for Prometheus: all begin at 0.
  for (const endpoint of endpoints) {
    seconds.zero({ endpoint });
    bytes.inc({ endpoint }, 0);
    for (const outcome of OUTCOMES) requests.inc({ endpoint, outcome: outcome.toLowerCase() }, 0);
  }
  return {
    register,
    onRequest: (event) => {
      const endpoint = endpointOf(event.endpoint);
      requests.inc({ endpoint, outcome: outcomeOf(event.outcome.toLowerCase()) });
      seconds.observe({ endpoint }, event.ms / 1_000);
      bytes.inc({ endpoint }, event.bytes);
    },
  };
}
