import type { Client, Deployment, FlowRun, WorkPool, WorkQueue } from '@champion/contract';
import { ChampionError, closest, toErrorRecord } from '@champion/core';
import { allDeployments, someRuns } from './lists.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Runs among which a shortened id is looked for. */
const RECENT = 1_000;

/** "flow/deployment". */
export function fullName({ flow_name, name }: Pick<Deployment, 'flow_name' | 'name'>): string {
  return `${flow_name}/${name}`;
}

/**
 * Finds a deployment by "flow/deployment", by its own name where no other has it, or by its id.
 * @throws ChampionError NOT_FOUND with what may have been meant, or INVALID_INPUT when several have the name
 */
export async function findDeployment(client: Client, given: string): Promise<Deployment> {
  if (UUID.test(given)) return client.readDeployment({ params: { id: given } });
  const [flowName = '', name = ''] = splitOnce(given);
  if (flowName !== '' && name !== '') {
    const found = await unlessMissing(client.readDeploymentByName({ params: { flow_name: flowName, name } }));
    if (found !== undefined) return found;
  }
  const all = await allDeployments(client);
  const [found, second] = all.filter((deployment) => deployment.name === given);
  if (found === undefined) {
    const names = all.map(fullName);
    throw missing('deployment', given, closest(given, [...names, ...all.map((each) => each.name)]), names);
  }
  if (second === undefined) return found;
  throw new ChampionError(`several deployments are called ${given}`, {
    code: 'INVALID_INPUT',
    hint: `Say which: ${all
      .filter((each) => each.name === given)
      .map(fullName)
      .join(', ')}`,
  });
}

/**
 * Finds the id of a run by its beginning.
 * @throws ChampionError NOT_FOUND, or INVALID_INPUT when several begin that way
 */
export async function findRunId(client: Client, given: string): Promise<string> {
  const wanted = given.toLowerCase();
  if (UUID.test(wanted)) return wanted;
  const looksLikeOne = /^[0-9a-f-]+$/.test(wanted);
  const recent = looksLikeOne ? await someRuns(client, {}, RECENT) : [];
  return onlyOne(
    given,
    recent.filter(({ id }) => id.startsWith(wanted)),
  ).id;
}

function onlyOne(given: string, found: readonly FlowRun[]): FlowRun {
  const [run, second] = found;
  if (run === undefined) {
    throw new ChampionError(`there is no run ${given}`, {
      code: 'NOT_FOUND',
      hint: 'The runs: champion flow-run ls. An id may be shortened to its beginning.',
    });
  }
  if (second === undefined) return run;
  throw new ChampionError(`${found.length} runs begin with ${given}`, {
    code: 'INVALID_INPUT',
    hint: `Give more of the id: ${found
      .slice(0, 5)
      .map(({ id }) => id.slice(0, given.length + 4))
      .join(', ')}…`,
  });
}

/**
 * Finds a work queue by its name, in the given pool or the default one, or by "pool/queue".
 * @throws ChampionError NOT_FOUND with what may have been meant
 */
export async function findQueue(client: Client, given: string, pool?: string): Promise<WorkQueue> {
  if (UUID.test(given)) return client.readWorkQueue({ params: { id: given } });
  const [before, after] = splitOnce(given);
  const name = after ?? before;
  const inPool = pool ?? (after === undefined ? undefined : before);
  const found = await unlessMissing(
    inPool === undefined
      ? client.readWorkQueueByName({ params: { name } })
      : client.readPoolQueue({ params: { pool: inPool, name } }),
  );
  if (found !== undefined) return found;
  const names = (await client.filterWorkQueues({ body: {} })).map(queueName);
  throw missing('work queue', given, closest(given, names), names);
}

/** "pool/queue", or the queue alone in the default pool. */
export function queueName({ name, work_pool_name }: Pick<WorkQueue, 'name' | 'work_pool_name'>): string {
  return work_pool_name === null || work_pool_name === 'default' ? name : `${work_pool_name}/${name}`;
}

/** @throws ChampionError NOT_FOUND with what may have been meant */
export async function findPool(client: Client, name: string): Promise<WorkPool> {
  const found = await unlessMissing(client.readWorkPool({ params: { name } }));
  if (found !== undefined) return found;
  const names = (await client.filterWorkPools({ body: {} })).map((pool) => pool.name);
  throw missing('work pool', name, closest(name, names), names);
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (toErrorRecord(error).code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function missing(what: string, given: string, meant: string | undefined, known: readonly string[]): ChampionError {
  return new ChampionError(`there is no ${what} "${given}"`, {
    code: 'NOT_FOUND',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}${known.length === 0 ? 'There is none yet.' : `There are: ${known.slice(0, 20).join(', ')}.`}`,
  });
}

function splitOnce(text: string): [before: string, after?: string] {
  const at = text.indexOf('/');
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
