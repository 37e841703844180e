export { artifact, type NewArtifact } from './artifact.ts';
export { block } from './blocks/block.ts';
export type { BlockRow, Blocks, NewBlock } from './blocks/blocks.ts';
export type { OpenBlock } from './blocks/open-block.ts';
export { readKey, type SecretKeyOptions } from './blocks/secret-key.ts';
export type { BlockUse } from './blocks/stored-block.ts';
export {
  BLOCK_TYPES,
  type BlockData,
  type BlockReference,
  type BlockSlug,
  blockSlug,
  MASK,
  referenceOf,
  secretFieldsOf,
  TARGET_TYPES,
} from './blocks/types.ts';
export { ControlPlane, type ControlPlaneOptions, type Retention } from './control-plane.ts';
export {
  checkDefinitions,
  type DeploymentDefinition,
  type DeploymentOptions,
  deployment,
  type NewDeployment,
} from './deployments/definition.ts';
export {
  type DeploymentFilter,
  type DeploymentPatch,
  Deployments,
  type DeploymentsOptions,
  type SchedulePatch,
} from './deployments/deployments.ts';
export type { DeploymentChange, DeploymentPlan, FieldChange, ScheduleChange } from './deployments/plan.ts';
export type { DeploymentRow } from './deployments/rows.ts';
export { Duties, type DutiesOptions, type Duty } from './duties.ts';
export { Engine, type EngineOptions, type FlowRunHandle, type ServeOptions } from './engine.ts';
export type {
  EngineEvent,
  EngineEvents,
  FlowRunEvent,
  InternalLog,
  LogEvent,
  LogLevel,
  TaskRunEvent,
} from './events.ts';
export {
  type AnyFlow,
  Completed,
  completed,
  type Flow,
  type FlowContext,
  type FlowHook,
  type FlowOptions,
  flow,
} from './flow.ts';
export type { FollowedState, Follower, FollowerStatus } from './followers/follower.ts';
export type { Followers } from './followers/followers.ts';
export type { TestReport } from './notifications/deliverer.ts';
export type { Facts } from './notifications/facts.ts';
export type { Observation } from './notifications/match.ts';
export type { Condition } from './notifications/noticer.ts';
export {
  type DeliveryCounts,
  type DeliveryRow,
  type DeliveryStatus,
  type NotificationSettings,
  Notifications,
} from './notifications/notifications.ts';
export { notify } from './notifications/notify.ts';
export type { QuietHours } from './notifications/quiet-hours.ts';
export type {
  MaskedTarget,
  NewNotificationRule,
  NotificationRule,
  NotificationRulePatch,
  RunFilter,
  Target,
  Trigger,
} from './notifications/rule.ts';
export type { NotificationRules } from './notifications/rules.ts';
export { PLACEHOLDERS } from './notifications/template.ts';
export type { FlowRunOutcome } from './outcome.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './postgres/embedded.ts';
export {
  type NewWorkPool,
  type NewWorkQueue,
  type QueueStatus,
  type WorkPoolPatch,
  type WorkPoolRow,
  type WorkQueuePatch,
  type WorkQueueRow,
  WorkQueues,
  type WorkQueuesOptions,
} from './queues/work-queues.ts';
export type { ArtifactFilter, ArtifactReader, ArtifactRow, ArtifactSort } from './reading/artifacts.ts';
export type { ComparedRun, RunComparison } from './reading/comparison.ts';
export type { TimeWindow } from './reading/conditions.ts';
export type { FlowRunFilter } from './reading/flow-run-filter.ts';
export type { FlowRunPage, PageOptions } from './reading/flow-run-page.ts';
export type { FlowRunRow, FlowRunSummary } from './reading/flow-run-rows.ts';
export type { FlowRunSort } from './reading/flow-run-sort.ts';
export type { BoundedCount, FlowRunReader } from './reading/flow-runs.ts';
export type { FlowFilter, FlowReader, FlowRow, FlowSort } from './reading/flows.ts';
export type { GraphNode, RunGraph } from './reading/graph.ts';
export type { HistoryBucket, HistoryOptions, HistoryState } from './reading/history.ts';
export type { LogFilter, LogLineRow, LogOptions, LogPage, LogReader } from './reading/logs.ts';
export type { RunState, StateReader } from './reading/states.ts';
export type {
  TaskAttemptRow,
  TaskRunBucket,
  TaskRunDetail,
  TaskRunFilter,
  TaskRunReader,
  TaskRunSummary,
} from './reading/task-runs.ts';
export type { FlowRunDetail, LogRow, RunReader, StateRow, TaskRunRow } from './records/run-reader.ts';
export type { ArtifactKind } from './records/run-records.ts';
export type { Pruned, PruneOptions } from './retention.ts';
export type { CreatedRun, NewRunRequest, RunControl } from './run-control.ts';
export type { RunLogger } from './run-log.ts';
export {
  type CalendarRule,
  type CatchUp,
  type NewSchedule,
  parseSchedule,
  type ScheduleRow,
  type ScheduleSpec,
} from './schedules/schedule.ts';
export { Scheduler, type SchedulerOptions, type TickReport } from './schedules/scheduler.ts';
export type { SessionCalendar, SessionDay } from './schedules/session-calendar.ts';
export { type Slot, type SlotRule, slots } from './schedules/slots.ts';
export { isTerminal, type State, type StateType, type TerminalState, type TerminalStateType } from './states.ts';
export { type Task, type TaskContext, type TaskOptions, task } from './task.ts';
export type { WorkerRecords, WorkerRow, WorkerStatus } from './workers/worker-records.ts';
