export type { Endpoint, EndpointReply, EndpointRequest } from './bind.ts';
export { type Client, type ClientOptions, createClient } from './client/client.ts';
export type { ReconnectOptions } from './client/stream.ts';
export type { FetchLike } from './client/transport.ts';
export { EVENT_STREAM_HEADERS, eventStream, HEARTBEAT_MS } from './events/format.ts';
export { type ServerSentEvent, ServerSentEventParser } from './events/parser.ts';
export type { RawRequest } from './input.ts';
export { loadServerSide } from './load-server-side.ts';
export { type Issue, type ProblemBody, type ProblemResponse, toProblem } from './problem.ts';
export type { Handler, Method, Route, StreamItem, Tag } from './route.ts';
export type {
  Answer,
  Handlers,
  HandlersOf,
  Input,
  OperationId,
  Output,
  Request,
  Routes,
  StreamId,
} from './routes.ts';
export type {
  Backfill,
  BackfillDetail,
  CalendarDay,
  Coverage,
  CoverageOutcome,
  Dataset,
  DatasetPreview,
  Deployment,
  DeploymentFilter,
  DeployReport,
  ErrorInfo,
  EventType,
  Flow,
  FlowFilter,
  FlowRun,
  FlowRunDetail,
  FlowRunFilter,
  FlowRunQuery,
  Freshness,
  HistoryInterval,
  Lineage,
  Log,
  LogFilter,
  LogLevel,
  MarketToday,
  NextRun,
  OrchestrationResult,
  PoolWorker,
  Problem,
  RateLimit,
  Revision,
  RunBar,
  RunEvent,
  RunGraph,
  RunLog,
  Schedule,
  ScheduleCreate,
  SessionRule,
  SliceCoverage,
  SliceQuality,
  Slot,
  SqlAnswer,
  State,
  StateType,
  System,
  TaskAttempt,
  TaskRun,
  TaskRunDetail,
  TaskRunFilter,
  Worker,
  WorkPool,
  WorkQueue,
  WorkQueueStatus,
} from './types.ts';
export { API_PREFIX, EVENT_TYPES, LOG_LEVELS, PAGE_LIMIT, SESSION_KINDS, STATE_TYPES } from './words.ts';
