import {
  type Client,
  type Deployment,
  type Flow,
  type FlowRun,
  type FlowRunQuery,
  PAGE_LIMIT,
} from '@champion/contract';

/** No list of these grows beyond it; a server that never ends must not keep a command for ever. */
const MOST = 10_000;

async function all<T>(page: (offset: number) => Promise<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  while (found.length < MOST) {
    const next = await page(found.length);
    found.push(...next);
    if (next.length < PAGE_LIMIT) break;
  }
  return found;
}

export function allFlows(client: Client): Promise<Flow[]> {
  return all((offset) => client.filterFlows({ body: { limit: PAGE_LIMIT, offset, sort: 'NAME_ASC' } }));
}

export function allDeployments(client: Client): Promise<Deployment[]> {
  return all((offset) => client.filterDeployments({ body: { limit: PAGE_LIMIT, offset, sort: 'NAME_ASC' } }));
}

/** The latest runs that fit, at most `most`. */
export async function someRuns(
  client: Client,
  conditions: Pick<FlowRunQuery, 'flows' | 'flow_runs' | 'deployments'>,
  most: number,
  sort: FlowRunQuery['sort'] = 'EXPECTED_START_TIME_DESC',
): Promise<FlowRun[]> {
  const found: FlowRun[] = [];
  while (found.length < most) {
    const limit = Math.min(PAGE_LIMIT, most - found.length);
    const after = found.at(-1)?.id;
    const page = await client.filterFlowRuns({
      body: { ...conditions, limit, sort, ...(after === undefined ? {} : { after }) },
    });
    found.push(...page);
    if (page.length < limit) break;
  }
  return found;
}
