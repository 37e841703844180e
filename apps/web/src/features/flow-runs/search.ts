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
const UPCOMING = ['shown'] as const;
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
  /** Runs that are scheduled and not due are listed too; default: only counted. Chosen states say it themselves. */
  readonly upcoming?: (typeof UPCOMING)[number] | undefined;
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
    upcoming: readChoice(raw.upcoming, UPCOMING),
  });
}

/** Conditions of the API, those of every list, count and chart. */
export type RunConditions = Pick<FlowRunQuery, 'flows' | 'flow_runs' | 'deployments'>;

/** The state that a run has until it is due. */
const WAITING = ['Scheduled'];

/** The runs that are listed. */
export function runConditions(search: RunsSearch): RunConditions {
  const hidden = search.state === undefined && search.upcoming === undefined;
  return conditionsOf(search, hidden ? { name: { not_any_: WAITING } } : undefined);
}

/** The runs that the list leaves out for the time being. */
export function upcomingConditions(search: RunsSearch): RunConditions {
  return conditionsOf(search, { name: { any_: WAITING } });
}

type StateCondition = NonNullable<NonNullable<RunConditions['flow_runs']>['state']>;

function conditionsOf(search: RunsSearch, among: StateCondition | undefined): RunConditions {
  const { flow, deployment, state, tag, q, from, to } = search;
  const states = among ?? (state === undefined ? undefined : stateCondition(state));
  const due = {
    ...(from === undefined ? {} : { after_: `${from}T00:00:00+05:30` }),
    ...(to === undefined ? {} : { before_: `${addDays(to, 1)}T00:00:00+05:30` }),
  };
  const runs = {
    ...(states === undefined ? {} : { state: states }),
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
