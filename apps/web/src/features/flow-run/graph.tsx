import type { FlowRunDetail, RunGraph } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { useMemo } from 'react';
import { STATE_COLORS, STATE_LABELS, type StateKind, stateKind } from '../../lib/states.ts';
import { duration } from '../../lib/time.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { layered } from './graph-layout.ts';
import '@xyflow/react/dist/base.css';
import './graph.css';

const WIDTH = 214;
const HEIGHT = 44;

interface TaskData extends Record<string, unknown> {
  readonly label: string;
  readonly kind: StateKind;
  readonly seconds: number | null;
  readonly isRun: boolean;
}
type TaskNode = Node<TaskData, 'task'>;

const nodeTypes = { task: TaskBox };

interface GraphProps {
  readonly run: FlowRunDetail;
  readonly onTask: (taskRunId: string) => void;
}

/** Which task waited for which. A file of its own, loaded when first looked at: the library behind it is large. */
export default function Graph({ run, onTask }: GraphProps) {
  const navigate = useNavigate();
  const graph = useQuery(runQueries.graph(run.id));
  const drawn = useMemo(() => (graph.data === undefined ? undefined : draw(graph.data)), [graph.data]);
  if (graph.error)
    return <ErrorState error={graph.error} title="The graph could not be read" onRetry={() => void graph.refetch()} />;
  if (drawn === undefined) return <SkeletonLines lines={5} />;
  if (drawn.nodes.length === 0)
    return <EmptyState title="No task has begun">The graph grows as tasks are called.</EmptyState>;
  return (
    <div className="min-h-80 grow overflow-hidden rounded-lg border border-line bg-surface">
      {graph.data?.truncated ? (
        <p className="border-b border-line bg-late-soft px-3 py-1 text-sm">
          There are more tasks than are drawn here; the tab "Tasks" has all.
        </p>
      ) : null}
      <ReactFlow
        nodes={drawn.nodes}
        edges={drawn.edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15, ...firstLook(drawn.nodes) }}
        minZoom={0.05}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable
        onlyRenderVisibleElements
        onNodeClick={(_, node) =>
          node.data.isRun ? void navigate({ to: '/runs/$runId', params: { runId: node.id } }) : onTask(node.id)
        }
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={18} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

/** Above this many, all at once could not be read. */
const READABLE = 60;

/** Of a large graph: what went wrong or goes on, else where it begins. */
function firstLook(nodes: readonly TaskNode[]): { nodes?: TaskNode[]; minZoom?: number } {
  if (nodes.length <= READABLE) return {};
  const first = nodes.find(({ data }) => data.kind !== 'completed') ?? nodes[0];
  return first === undefined ? {} : { nodes: [first], minZoom: 0.6 };
}

function draw(graph: RunGraph): { nodes: TaskNode[]; edges: Edge[] } {
  const info = new Map(graph.nodes.map(([id, node]) => [id, node]));
  const places = layered(graph.nodes.map(([id, node]) => ({ id, parents: node.parents.map((parent) => parent.id) })));
  const nodes = places.flatMap(({ id, layer, place }): TaskNode[] => {
    const node = info.get(id);
    if (node === undefined) return [];
    const seconds =
      node.start_time === null || node.end_time === null
        ? null
        : (Date.parse(node.end_time) - Date.parse(node.start_time)) / 1000;
    return [
      {
        id,
        type: 'task',
        position: { x: layer * (WIDTH + 56), y: place * (HEIGHT + 18) },
        width: WIDTH,
        height: HEIGHT,
        data: { label: node.label, kind: stateKind(node.state_type), seconds, isRun: node.kind === 'flow-run' },
      },
    ];
  });
  const edges = graph.nodes.flatMap(([id, node]) =>
    node.parents
      .filter((parent) => info.has(parent.id))
      .map((parent) => ({ id: `${parent.id} ${id}`, source: parent.id, target: id })),
  );
  return { nodes, edges };
}

function TaskBox({ data }: NodeProps<TaskNode>) {
  return (
    <div
      className="flex h-[44px] w-[214px] items-center gap-2 rounded-md border bg-raised px-2.5 text-sm"
      style={{
        borderColor: data.kind === 'completed' ? 'var(--color-line-strong)' : STATE_COLORS[data.kind],
        // Seen from afar as well, where a thin edge is lost.
        background: data.kind === 'failed' || data.kind === 'crashed' ? 'var(--color-failed-soft)' : undefined,
      }}
    >
      <Handle type="target" position={Position.Left} className="invisible" />
      <StateShape kind={data.kind} />
      <span className="min-w-0">
        <span className="block truncate leading-4 font-medium">{data.label}</span>
        <span className="block text-xs leading-4 text-ink-3">
          {data.isRun ? 'Child run · ' : ''}
          {STATE_LABELS[data.kind]}
          {data.seconds === null ? '' : ` · ${duration(data.seconds)}`}
        </span>
      </span>
      <Handle type="source" position={Position.Right} className="invisible" />
    </div>
  );
}
