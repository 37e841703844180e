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
import { useMemo, useState } from 'react';
import { STATE_COLORS, STATE_LABELS, type StateKind, stateKind } from '../../lib/states.ts';
import { duration } from '../../lib/time.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { useSize } from '../../ui/use-size.ts';
import { runQueries } from '../flow-runs/queries.ts';
import { directionFor, GAPS, layered, type Placed, type Size, sizeOf } from './graph-layout.ts';
import '@xyflow/react/dist/base.css';
import './graph.css';

const WIDTH = 214;
const HEIGHT = 44;
const BOX = { width: WIDTH, height: HEIGHT };

interface TaskData extends Record<string, unknown> {
  readonly label: string;
  readonly kind: StateKind;
  readonly seconds: number | null;
  readonly isRun: boolean;
  readonly down: boolean;
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
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const room = useSize(frame);
  const places = useMemo(
    () =>
      layered(
        (graph.data?.nodes ?? []).map(([id, node]) => ({ id, parents: node.parents.map((parent) => parent.id) })),
      ),
    [graph.data],
  );
  const down = directionFor(places, BOX, room) === 'down';
  const drawn = useMemo(
    () => (graph.data === undefined ? undefined : draw(graph.data, places, down)),
    [graph.data, places, down],
  );
  if (graph.error)
    return <ErrorState error={graph.error} title="The graph could not be read" onRetry={() => void graph.refetch()} />;
  if (drawn === undefined) return <SkeletonLines lines={5} />;
  if (drawn.nodes.length === 0)
    return <EmptyState title="No task has begun">The graph grows as tasks are called.</EmptyState>;
  return (
    <div className="flex min-h-80 grow flex-col overflow-hidden rounded-lg border border-line bg-surface">
      {graph.data?.truncated ? (
        <p className="border-b border-line bg-late-soft px-3 py-1 text-sm">
          There are more tasks than are drawn here; the tab "Tasks" has all.
        </p>
      ) : null}
      {/* Which way it runs is known with the room that there is, and where it begins with both. */}
      <div ref={setFrame} className="relative min-h-0 grow">
        {room === undefined ? null : (
          <ReactFlow
            key={String(down)}
            nodes={drawn.nodes}
            edges={drawn.edges}
            nodeTypes={nodeTypes}
            fitView
            fitViewOptions={{ maxZoom: 1, padding: room.width < NARROW ? 0.05 : 0.15, ...firstLook(drawn.nodes) }}
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
        )}
        {room !== undefined && exceeds(sizeOf(places, BOX, down ? 'down' : 'right'), room) ? (
          <p className="pointer-events-none absolute right-2 bottom-2 rounded-md bg-surface/90 px-2 py-0.5 text-xs text-ink-2">
            Drag to move, pinch or wheel to zoom
          </p>
        ) : null}
      </div>
    </div>
  );
}

const NARROW = 640;
/** Smaller than this nobody reads it: the graph is moved about rather than seen as a whole. */
const READABLE_ZOOM = 0.5;

function exceeds(size: Size, room: Size): boolean {
  return Math.min(room.width / size.width, room.height / size.height) < READABLE_ZOOM;
}

/** Above this many, all at once could not be read. */
const READABLE = 60;

/** Of a large graph: what went wrong or goes on, else where it begins. */
function firstLook(nodes: readonly TaskNode[]): { nodes?: TaskNode[]; minZoom?: number } {
  if (nodes.length <= READABLE) return {};
  const first = nodes.find(({ data }) => data.kind !== 'completed') ?? nodes[0];
  return first === undefined ? {} : { nodes: [first], minZoom: 0.6 };
}

function draw(graph: RunGraph, places: readonly Placed[], down: boolean): { nodes: TaskNode[]; edges: Edge[] } {
  const info = new Map(graph.nodes.map(([id, node]) => [id, node]));
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
        position: down
          ? { x: place * (WIDTH + GAPS.down.across), y: layer * (HEIGHT + GAPS.down.along) }
          : { x: layer * (WIDTH + GAPS.right.along), y: place * (HEIGHT + GAPS.right.across) },
        width: WIDTH,
        height: HEIGHT,
        data: { label: node.label, kind: stateKind(node.state_type), seconds, isRun: node.kind === 'flow-run', down },
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
      <Handle type="target" position={data.down ? Position.Top : Position.Left} className="invisible" />
      <StateShape kind={data.kind} />
      <span className="min-w-0">
        <span className="block truncate leading-4 font-medium">{data.label}</span>
        <span className="block text-xs leading-4 text-ink-3">
          {data.isRun ? 'Child run · ' : ''}
          {STATE_LABELS[data.kind]}
          {data.seconds === null ? '' : ` · ${duration(data.seconds)}`}
        </span>
      </span>
      <Handle type="source" position={data.down ? Position.Bottom : Position.Right} className="invisible" />
    </div>
  );
}
