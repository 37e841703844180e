/** What was asked of an endpoint of the exchange, and how often it answered as it should. */
interface EndpointRequests {
  readonly endpoint: string;
  readonly requests: number;
  readonly answered: number;
}

export type Asked = readonly EndpointRequests[];

const LINE = /^champion_exchange_requests_total\{([^}]*)\} (\d+(?:\.\d+)?)/gm;
/** A file that is not there is an answer as well; what was given up here says nothing of the exchange. */
const ANSWERS = ['ok', 'redirect', 'not_found'];
const OURS = ['cancelled', 'internal'];

/** Reads the requests by endpoint out of the server's metrics; endpoints that nobody asked are left out. */
export function readAsked(metrics: string): Asked {
  const byEndpoint = new Map<string, { requests: number; answered: number }>();
  for (const [, labels = '', value = '0'] of metrics.matchAll(LINE)) {
    const endpoint = /endpoint="([^"]*)"/.exec(labels)?.[1] ?? '';
    const outcome = /outcome="([^"]*)"/.exec(labels)?.[1] ?? '';
    if (OURS.includes(outcome)) continue;
    const sum = byEndpoint.get(endpoint) ?? { requests: 0, answered: 0 };
    sum.requests += Number(value);
    if (ANSWERS.includes(outcome)) sum.answered += Number(value);
    byEndpoint.set(endpoint, sum);
  }
  return [...byEndpoint].map(([endpoint, sum]) => ({ endpoint, ...sum })).filter(({ requests }) => requests > 0);
}
