import type { Database } from '../records/database.ts';
import type { StateType } from '../states.ts';
import { type RunState, StateReader } from './states.ts';

export interface GraphNode {
  readonly id: string;
  readonly kind: 'task-run' | 'flow-run';
  /** The task's or the child flow run's name. */
  readonly label: string;
  readonly stateType: StateType;
  readonly startTime: Date;
  readonly endTime: Date | null;
  /** Nodes whose results this one was given. */
  readonly parents: readonly string[];
  /** Nodes that were given its result. */
  readonly children: readonly string[];
}

export interface RunGraph {
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  /** By start. */
  readonly nodes: readonly GraphNode[];
  /** Nodes without parents. */
  readonly rootIds: readonly string[];
  readonly states: readonly RunState[];
  /** True when the run has more nodes than are here. */
  readonly truncated: boolean;
}

const MOST_NODES = 5_000;

/** What a run did, as a graph of its task runs and child flow runs; undefined for an unknown run. */
export async function runGraph(database: Database, flowRunId: string): Promise<RunGraph | undefined> {
  const [runs, rows, states] = await Promise.all([
    database.run<Pick<RunGraph, 'startTime' | 'endTime'>>({ name: 'graph-run', text: RUN }, [flowRunId]),
    database.run<Omit<GraphNode, 'children'>>({ name: 'graph-nodes', text: NODES }, [flowRunId, MOST_NODES + 1]),
    new StateReader(database).ofFlowRun(flowRunId),
  ]);
  const run = runs[0];
  if (run === undefined) return undefined;
  const shown = rows.slice(0, MOST_NODES);
  const children = new Map<string, string[]>(shown.map(({ id }) => [id, []]));
  const nodes = shown.map((node) => ({
    ...node,
    parents: node.parents.filter((parent) => children.has(parent)),
    children: children.get(node.id) ?? [],
  }));
  for (const { id, parents } of nodes) for (const parent of parents) children.get(parent)?.push(id);
  return {
    ...run,
    nodes,
    rootIds: nodes.filter(({ parents }) => parents.length === 0).map(({ id }) => id),
    states,
    truncated: rows.length > MOST_NODES,
  };
}

const RUN = `SELECT start_time AS "startTime", end_time AS "endTime" FROM champion.flow_runs WHERE id = $1`;

const NODES = `
  SELECT id, 'task-run' AS kind, name AS label, state_type AS "stateType", start_time AS "startTime",
    end_time AS "endTime", parents
  FROM champion.task_runs WHERE flow_run_id = $1
  UNION ALL
  SELECT id, 'flow-run', name, state_type, coalesce(start_time, expected_start_time), end_time, '{}'
  FROM champion.flow_runs WHERE parent_flow_run_id = $1
  ORDER BY "startTime", id LIMIT $2`;
