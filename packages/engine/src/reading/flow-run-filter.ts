import type { StateType } from '../states.ts';
import { containing, type TimeWindow, type Values, within } from './conditions.ts';

/** Which flow runs: all that is given must hold. An empty list of values fits no run. */
export interface FlowRunFilter {
  readonly ids?: readonly string[];
  readonly flowNames?: readonly string[];
  readonly flowIds?: readonly string[];
  readonly deploymentIds?: readonly string[];
  readonly scheduleIds?: readonly string[];
  readonly workQueueIds?: readonly string[];
  readonly workQueueNames?: readonly string[];
  readonly workPoolIds?: readonly string[];
  readonly workPoolNames?: readonly string[];
  readonly stateTypes?: readonly StateType[];
  readonly stateNames?: readonly string[];
  readonly exceptStateNames?: readonly string[];
  /** Has every one of these tags. */
  readonly allTags?: readonly string[];
  /** Has one of these tags or more. */
  readonly anyTags?: readonly string[];
  readonly names?: readonly string[];
  /** A part of the name, in any case. */
  readonly nameContains?: string;
  /** Whether it is a child run. */
  readonly hasParent?: boolean;
  readonly parentIds?: readonly string[];
  readonly expectedStart?: TimeWindow;
  /** Runs that have not started are in no window. */
  readonly start?: TimeWindow;
  /** Runs that have not ended are in no window. */
  readonly end?: TimeWindow;
  readonly idempotencyKeys?: readonly string[];
}

/** A filter without names that stand for ids elsewhere: what the query planner knows the frequency of. */
export type ResolvedFilter = Omit<
  FlowRunFilter,
  'flowIds' | 'workQueueNames' | 'workPoolIds' | 'workPoolNames' | 'flowNames'
> & { readonly flowNames: readonly (readonly string[])[]; readonly queueIds: readonly (readonly string[])[] };

export interface FilterConditions {
  /** What an index orders or narrows well. */
  readonly plain: readonly string[];
  /** What can hold for most runs or for none, so that the planner guesses badly. */
  readonly searched: readonly string[];
}

/** The filter as SQL over `champion.flow_runs r`. */
export function conditionsOf(filter: ResolvedFilter, values: Values): FilterConditions {
  const plain: string[] = [];
  const searched: string[] = [];
  const anyOf = (column: string, given: readonly string[] | undefined, type: string) => {
    if (given !== undefined) plain.push(`${column} = ANY(${values.add(given, `${type}[]`)})`);
  };
  anyOf('r.id', filter.ids, 'uuid');
  for (const names of filter.flowNames) anyOf('r.flow_name', names, 'text');
  anyOf('r.deployment_id', filter.deploymentIds, 'uuid');
  anyOf('r.schedule_id', filter.scheduleIds, 'uuid');
  for (const ids of filter.queueIds) anyOf('r.work_queue_id', ids, 'uuid');
  anyOf('r.state_type', filter.stateTypes, 'text');
  anyOf('r.parent_flow_run_id', filter.parentIds, 'uuid');
  anyOf('r.idempotency_key', filter.idempotencyKeys, 'text');
  if (filter.hasParent !== undefined) plain.push(`r.parent_flow_run_id IS ${filter.hasParent ? 'NOT ' : ''}NULL`);
  if (filter.expectedStart !== undefined) plain.push(...within('r.expected_start_time', filter.expectedStart, values));
  if (filter.start !== undefined) {
    plain.push('r.start_time IS NOT NULL', ...within(STARTED, filter.start, values));
  }
  if (filter.end !== undefined) plain.push('r.end_time IS NOT NULL', ...within(ENDED, filter.end, values));
  if (filter.names !== undefined) searched.push(`r.name COLLATE "C" = ANY(${values.add(filter.names, 'text[]')})`);
  if (filter.stateNames !== undefined) {
    searched.push(`r.state_name = ANY(${values.add(filter.stateNames, 'text[]')})`);
    // None of them is a type's own word, so every run with one is in the index of the finer states.
    if (filter.stateNames.every((name) => !isTypeWord(name))) searched.push('upper(r.state_name) <> r.state_type');
  }
  // Fits most runs, so an index that has the order is walked.
  if (filter.exceptStateNames !== undefined) {
    plain.push(`r.state_name <> ALL(${values.add(filter.exceptStateNames, 'text[]')})`);
  }
  if (filter.allTags !== undefined) searched.push(`r.tags @> ${values.add(filter.allTags, 'text[]')}`);
  if (filter.anyTags !== undefined) searched.push(`r.tags && ${values.add(filter.anyTags, 'text[]')}`);
  if (filter.nameContains !== undefined && filter.nameContains !== '') {
    // Without three letters or digits in a row the index of name parts would be read whole, which is worse than the table.
    const name = /[\p{L}\p{N}]{3}/u.test(filter.nameContains) ? 'r.name' : "(r.name || '')";
    searched.push(`${name} ILIKE ${values.add(containing(filter.nameContains), 'text')}`);
  }
  return { plain, searched };
}

/** As the indexes have them, so that they serve the windows too. */
export const STARTED = 'coalesce(r.start_time, r.expected_start_time)';
export const ENDED = `coalesce(r.end_time, 'infinity')`;

const TYPES: readonly string[] = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] satisfies StateType[];

function isTypeWord(name: string): boolean {
  return TYPES.includes(name.toUpperCase());
}
