import { PAGE_LIMIT, STATE_TYPES } from '@champion/contract';
import type { Server } from '../remote/connect.ts';
import { fullName, queueName } from '../remote/find.ts';
import { referenceOf } from '../remote/find-block.ts';
import type { Candidate, Lookup } from './candidates.ts';

/** Whoever presses Tab waits no longer. */
const PATIENCE_MS = 500;
const RUNS = 50;

/** Names that the server knows, as far as it says so in time; otherwise none. */
export function namesOf(connect: () => Promise<Server | undefined>): Lookup {
  return async (kind) => {
    if (kind === 'state') return STATE_TYPES.map((value) => ({ value: value.toLowerCase(), about: '' }));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const late = new Promise<Candidate[]>((resolve) => {
      signal.addEventListener('abort', () => resolve([]), { once: true });
    });
    const asked = connect().then((server) => (server === undefined ? [] : ask(server, kind, signal)));
    // Somebody is typing: what goes wrong now is told when the command is run.
    return Promise.race([asked.catch(() => []), late]);
  };
}

async function ask({ client }: Server, kind: Parameters<Lookup>[0], signal: AbortSignal): Promise<Candidate[]> {
  switch (kind) {
    case 'deployment': {
      const found = await client.filterDeployments({ body: { limit: PAGE_LIMIT }, signal });
      return found.map((deployment) => ({ value: fullName(deployment), about: deployment.description ?? '' }));
    }
    case 'flow': {
      const found = await client.filterFlows({ body: { limit: PAGE_LIMIT }, signal });
      return found.map(({ name, description }) => ({ value: name, about: description ?? '' }));
    }
    case 'run': {
      const found = await client.filterFlowRuns({
        body: { limit: RUNS, sort: 'EXPECTED_START_TIME_DESC' },
        signal,
      });
      return found.map(({ id, name, state_name }) => ({ value: id, about: `${name}, ${state_name ?? ''}` }));
    }
    case 'queue': {
      const found = await client.filterWorkQueues({ body: {}, signal });
      return found.map((queue) => ({ value: queueName(queue), about: queue.description ?? '' }));
    }
    case 'pool': {
      const found = await client.filterWorkPools({ body: {}, signal });
      return found.map(({ name, description }) => ({ value: name, about: description ?? '' }));
    }
    case 'block': {
      const found = await client.filterBlockDocuments({ body: {}, signal });
      return found.map((block) => ({ value: referenceOf(block), about: block.block_type_name }));
    }
    default:
      return [];
  }
}
