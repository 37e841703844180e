import type { DeploymentFilter, FlowFilter, FlowRunFilter, TaskRunFilter } from '@champion/contract';

type Maybe<T> = T | null | undefined;

/** Conditions on everything that a run has to do with, as every list takes them. */
export interface Conditions {
  readonly flows?: Maybe<FlowFilter>;
  readonly flow_runs?: Maybe<FlowRunFilter>;
  readonly task_runs?: Maybe<TaskRunFilter>;
  readonly deployments?: Maybe<DeploymentFilter>;
  readonly work_pools?: Maybe<PoolCondition>;
  readonly work_queues?: Maybe<QueueCondition>;
  readonly work_pool_queues?: Maybe<QueueCondition>;
}

export interface PoolCondition {
  readonly operator?: Maybe<'and_' | 'or_'>;
  readonly id?: Maybe<{ readonly any_?: Maybe<readonly string[]> }>;
  readonly name?: Maybe<{ readonly any_?: Maybe<readonly string[]> }>;
  readonly type?: Maybe<{ readonly any_?: Maybe<readonly string[]> }>;
}

export interface QueueCondition {
  readonly operator?: Maybe<'and_' | 'or_'>;
  readonly id?: Maybe<{ readonly any_?: Maybe<readonly string[]> }>;
  readonly name?: Maybe<{
    readonly any_?: Maybe<readonly string[]>;
    readonly startswith_?: Maybe<readonly string[]>;
  }>;
}
