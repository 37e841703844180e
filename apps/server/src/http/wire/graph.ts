import type { RunGraph } from '@champion/contract';
import type { RunGraph as Graph, GraphNode } from '@champion/engine';
import { instant, instantOrNull } from './instant.ts';

/** @param keys of the task runs, by their id */
export function wireGraph(graph: Graph, keys: ReadonlyMap<string, string>): RunGraph {
  return {
    start_time: instantOrNull(graph.startTime),
    end_time: instantOrNull(graph.endTime),
    root_node_ids: [...graph.rootIds],
    nodes: graph.nodes.map((node): RunGraph['nodes'][number] => [node.id, wireNode(node, keys)]),
    artifacts: [],
    truncated: graph.truncated,
    states: graph.states.map(({ id, at, type, name, message }) => ({
      id,
      timestamp: instant(at),
      type,
      name,
      message,
    })),
  };
}

function wireNode(node: GraphNode, keys: ReadonlyMap<string, string>): RunGraph['nodes'][number][1] {
  const refer = (id: string) => ({ id });
  return {
    kind: node.kind,
    id: node.id,
    label: node.label,
    state_type: node.stateType,
    // A child run is restarted from by its id.
    task_key: keys.get(node.id) ?? (node.kind === 'flow-run' ? node.id : null),
    start_time: instant(node.startTime),
    end_time: instantOrNull(node.endTime),
    parents: node.parents.map(refer),
    children: node.children.map(refer),
    encapsulating: [],
    artifacts: [],
  };
}
