import type { FlowRunQuery } from '@champion/contract';
import { addDays, type BusinessDate } from '@champion/core';
import {
  present,
  type RawSearch,
  readChoice,
  readChoices,
  readDay,
  readList,
  readText,
} from '../../lib/search-params.ts';
import { STATE_KINDS, type StateKind, stateCondition } from '../../lib/states.ts';

const RUN_SORTS = ['newest', 'oldest', 'name'] as const;
export type RunSort = (typeof RUN_SORTS)[number];

/** What the page of runs shows, as its URL says it. */
export interface RunsSearch {
  readonly flow?: string[] | undefined;
  readonly deployment?: string[] | undefined;
  readonly state?: StateKind[] | undefined;
  readonly tag?: string[] | undefined;
  /** Part of a run's name. */
  readonly q?: string | undefined;
  /** First day, on which the run was due, in Indian time. */
  readonly from?: BusinessDate | undefined;
  /** Last day. */
  readonly to?: BusinessDate | undefined;
  readonly sort?: RunSort | undefined;
}

export function readRunsSearch(raw: RawSearch): RunsSearch {
  return present<RunsSearch>({
    flow: readList(raw.flow),
    deployment: readList(raw.deployment),
    state: readChoices(raw.state, STATE_KINDS),
    tag: readList(raw.tag),
    q: readText(raw.q),
    from: readDay(raw.from),
    to: readDay(raw.to),
    sort: readChoice(raw.sort, RUN_SORTS),
  });
}

/** Conditions of the API, those of every list, count and chart. */
export type RunConditions = Pick<FlowRunQuery, 'flows' | 'flow_runs' | 'deployments'>;

export function runConditions(search: RunsSearch): RunConditions {
  const { flow, deployment, state, tag, q, from, to } = search;
  const due = {
    ...(from === undefined ? {} : { after_: `${from}T00:00:00+05:30` }),
    ...(to === undefined ? {} : { before_: `${addDays(to, 1)}T00:00:00+05:30` }),
  };
  const runs = {
    ...(state === undefined ? {} : { state: stateCondition(state) }),
    ...(tag === undefined ? {} : { tags: { all_: tag } }),
    ...(q === undefined ? {} : { name: { like_: q } }),
    ...(from === undefined && to === undefined ? {} : { expected_start_time: due }),
  };
  return {
    ...(flow === undefined ? {} : { flows: { name: { any_: flow } } }),
    ...(deployment === undefined ? {} : { deployments: { name: { any_: deployment } } }),
    ...(Object.keys(runs).length === 0 ? {} : { flow_runs: runs }),
  };
}

export const SORT_OF = {
  newest: 'EXPECTED_START_TIME_DESC',
  oldest: 'EXPECTED_START_TIME_ASC',
  name: 'NAME_ASC',
} as const satisfies Record<RunSort, FlowRunQuery['sort']>;
