import type { AnswerOf, EventOf, Handler, InputOf, OutputOf, RequestOf, Tag } from './route.ts';
import { adminRoutes } from './routes/admin.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { blockRoutes } from './routes/blocks.ts';
import { chartRoutes } from './routes/charts.ts';
import { dataRoutes } from './routes/data.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { fileRoutes } from './routes/files.ts';
import { flowRunRoutes } from './routes/flow-runs.ts';
import { flowRoutes } from './routes/flows.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { taskRunRoutes } from './routes/task-runs.ts';
import { workRoutes } from './routes/work.ts';

/** Every route by its operation id. A fixed path stands before one with a parameter in the same place. */
export const routes = {
  ...adminRoutes,
  ...flowRoutes,
  ...deploymentRoutes,
  ...flowRunRoutes,
  ...taskRunRoutes,
  ...workRoutes,
  ...dataRoutes,
  ...fileRoutes,
  ...artifactRoutes,
  ...chartRoutes,
  ...notificationRoutes,
  ...blockRoutes,
};

export type Routes = typeof routes;
export type OperationId = keyof Routes;

/** What the handler of an operation is given. */
export type Input<Op extends OperationId> = InputOf<Routes[Op]>;
/** What the handler of an operation gives back. */
export type Output<Op extends OperationId> = OutputOf<Routes[Op]>;
/** What a client sends. */
export type Request<Op extends OperationId> = RequestOf<Routes[Op]>;
/** What a client gets. */
export type Answer<Op extends OperationId> = AnswerOf<Routes[Op]>;
/** The data of each event of a stream. */
export type Event<Op extends OperationId> = EventOf<Routes[Op]>;

/** Operations whose response is a stream of events. */
export type StreamId = { [Op in OperationId]: Routes[Op] extends { stream: unknown } ? Op : never }[OperationId];

/** One handler for each operation: to forget one is a type error. */
export type Handlers = { readonly [Op in OperationId]: Handler<Routes[Op]> };

/** The handlers of one part of the API, for a server that keeps them in several files. */
export type HandlersOf<T extends Tag> = Pick<
  Handlers,
  { [Op in OperationId]: Routes[Op]['tag'] extends T ? Op : never }[OperationId]
>;
