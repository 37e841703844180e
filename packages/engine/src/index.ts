export { Engine, type EngineOptions, type FlowRunHandle } from './engine.ts';
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
export type { FlowRunOutcome } from './outcome.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './postgres/embedded.ts';
export type {
  FlowRunDetail,
  FlowRunRow,
  LogRow,
  RunReader,
  StateRow,
  TaskAttemptRow,
  TaskRunRow,
} from './records/run-reader.ts';
export type { RunLogger } from './run-log.ts';
export { isTerminal, type State, type StateType, type TerminalState, type TerminalStateType } from './states.ts';
export { type Task, type TaskContext, type TaskOptions, task } from './task.ts';
