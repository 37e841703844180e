import type { Plane } from '../parts.ts';
import type { Conditions, PoolCondition, QueueCondition } from './conditions.ts';
import { both, given, says, supportOnly } from './support.ts';

type PoolFilter = NonNullable<Parameters<Plane['queues']['pools']>[0]>;
type QueueFilter = NonNullable<Parameters<Plane['queues']['queues']>[0]>;

function poolFilter(pools: PoolCondition | null | undefined): PoolFilter {
  supportOnly('work_pools', pools, ['id.any_', 'name.any_', 'type.any_']);
  return given({ ids: pools?.id?.any_ ?? undefined, names: pools?.name?.any_ ?? undefined });
}

function queueFilter(queues: QueueCondition | null | undefined): QueueFilter {
  supportOnly('work_queues', queues, ['id.any_', 'name.any_', 'name.startswith_']);
  return given({ ids: queues?.id?.any_ ?? undefined, names: queues?.name?.any_ ?? undefined });
}

/** Pools that fit; there are few, so the type is looked at here. */
export async function poolsOf(plane: Plane, pools: PoolCondition | null | undefined) {
  const types = pools?.type?.any_;
  const rows = await plane.queues.pools(poolFilter(pools));
  return types == null ? rows : rows.filter(({ type }) => types.includes(type));
}

/** Queues that fit, in the order in which they are served; there are few, so the beginning of the name is looked at here. */
export async function queuesOf(plane: Plane, queues: QueueCondition | null | undefined, pools?: readonly string[]) {
  const beginnings = queues?.name?.startswith_;
  const rows = await plane.queues.queues({ ...queueFilter(queues), ...(pools === undefined ? {} : { pools }) });
  return beginnings == null ? rows : rows.filter(({ name }) => beginnings.some((start) => name.startsWith(start)));
}

/** Ids of the queues that conditions on queues and pools leave; undefined when nothing is said of them. */
export async function queueIdsOf(plane: Plane, conditions: Conditions): Promise<string[] | undefined> {
  const queues = conditions.work_queues ?? conditions.work_pool_queues;
  const [byQueue, byPool] = await Promise.all([
    says(queues) ? queuesOf(plane, queues) : undefined,
    says(conditions.work_pools) ? inPools(plane, conditions.work_pools) : undefined,
  ]);
  const idsOf = (rows: readonly { readonly id: string }[] | undefined) => rows?.map(({ id }) => id);
  return both(idsOf(byQueue), idsOf(byPool));
}

async function inPools(plane: Plane, pools: PoolCondition | null | undefined) {
  const names = (await poolsOf(plane, pools)).map(({ name }) => name);
  return plane.queues.queues({ pools: names });
}
