import type { Lineage } from '@champion/contract';
import {
  Background,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Panel,
  Position,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { Link } from '@tanstack/react-router';
import { type CSSProperties, useMemo, useState } from 'react';
import { count } from '../../lib/numbers.ts';
import { stateKind, stateLabel } from '../../lib/states.ts';
import { cx } from '../../ui/class-names.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { COLUMN, family, KIND_LABELS, KINDS, type LineageNode, layOut, NODE_HEIGHT, NODE_WIDTH } from './layout.ts';

type DataNode = Node<{ readonly node: LineageNode; readonly faded: boolean }, 'data'>;
type HeadNode = Node<{ readonly label: string }, 'head'>;

const FRESHNESS = {
  fresh: ['completed', 'fresh'],
  late: ['late', 'late'],
  missing: ['failed', 'missing'],
} as const;

/** Where the data comes from and what it becomes; pointing at a node shows what it hangs together with. */
export default function LineageGraph({ lineage, wide }: { readonly lineage: Lineage; readonly wide: boolean }) {
  const [pointed, setPointed] = useState<string>();
  const placed = useMemo(() => layOut(lineage), [lineage]);
  const related = useMemo(() => (pointed === undefined ? undefined : family(lineage, pointed)), [lineage, pointed]);
  const nodes = useMemo<(DataNode | HeadNode)[]>(
    () => [
      ...KINDS.map(
        (kind, index): HeadNode => ({
          id: `head:${kind}`,
          type: 'head',
          position: { x: index * COLUMN, y: Math.min(...placed.map(({ y }) => y)) - 44 },
          data: { label: KIND_LABELS[kind] },
          focusable: false,
        }),
      ),
      ...placed.map(
        ({ node, x, y }): DataNode => ({
          id: node.id,
          type: 'data',
          position: { x, y },
          width: NODE_WIDTH,
          height: NODE_HEIGHT,
          data: { node, faded: related !== undefined && !related.has(node.id) },
          ariaLabel: `${KIND_LABELS[node.kind]}: ${node.name}`,
        }),
      ),
    ],
    [placed, related],
  );
  const edges = useMemo<Edge[]>(
    () =>
      lineage.edges.map(({ from, to }) => {
        const on = related?.has(from) && related.has(to);
        return {
          id: `${from}>${to}`,
          source: from,
          target: to,
          focusable: false,
          style: {
            stroke: on ? 'var(--color-accent)' : 'var(--color-line-strong)',
            strokeWidth: on ? 1.75 : 1.25,
            opacity: related === undefined || on ? 1 : 0.25,
          },
        };
      }),
    [lineage, related],
  );
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={TYPES}
      // Where all of it at once could not be read it begins at the exchange, to be moved about.
      fitView={wide}
      defaultViewport={{ x: 16, y: 60, zoom: 0.8 }}
      style={COLORS}
      fitViewOptions={{ padding: 0.04 }}
      minZoom={0.15}
      maxZoom={1.5}
      nodesDraggable={false}
      nodesConnectable={false}
      elementsSelectable={false}
      proOptions={{ hideAttribution: true }}
      onNodeMouseEnter={(_, { id }) => setPointed(id.startsWith('head:') ? undefined : id)}
      onNodeMouseLeave={() => setPointed(undefined)}
    >
      <Background color="var(--color-line)" gap={24} />
      <Controls showInteractive={false} />
      {wide ? null : (
        <Panel
          position="bottom-right"
          className="pointer-events-none rounded-md bg-surface/90 px-2 py-0.5 text-xs text-ink-2"
        >
          Drag to move, pinch to zoom
        </Panel>
      )}
    </ReactFlow>
  );
}

function Head({ data }: NodeProps<HeadNode>) {
  return (
    <p className="label-caps w-48" style={{ width: NODE_WIDTH }}>
      {data.label}
    </p>
  );
}

function Data({ data: { node, faded } }: NodeProps<DataNode>) {
  const { kind, name, dataset, last_run, rows, as_of, freshness } = node;
  const [shape, word] = freshness === null ? [undefined, undefined] : FRESHNESS[freshness];
  return (
    <div
      style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
      className={cx(
        'flex flex-col justify-between rounded-md border bg-surface px-2.5 py-1.5 text-left text-xs transition-opacity duration-100',
        freshness === 'missing' ? 'border-failed' : freshness === 'late' ? 'border-late' : 'border-line-strong',
        faded && 'opacity-30',
      )}
    >
      {kind === 'exchange' ? null : (
        <Handle
          type="target"
          position={Position.Left}
          isConnectable={false}
          className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-line-strong"
        />
      )}
      <p className="flex items-center justify-between gap-2">
        {dataset === null ? (
          <span className="truncate text-sm font-semibold" title={name}>
            {name}
          </span>
        ) : (
          <Link
            to="/datasets/$name"
            params={{ name: dataset }}
            className="truncate text-sm font-semibold hover:underline"
            title={name}
          >
            {name}
          </Link>
        )}
        {shape === undefined ? null : (
          <span className="inline-flex items-center gap-1 text-ink-2">
            <StateShape kind={shape} size={10} />
            {word}
          </span>
        )}
      </p>
      {kind === 'exchange' ? (
        <p className="text-ink-3">National Stock Exchange of India</p>
      ) : (
        <>
          <p className="flex justify-between gap-2 text-ink-2">
            <span>{as_of ?? 'nothing yet'}</span>
            {rows === null ? null : <span>{count(rows)} rows</span>}
          </p>
          {last_run === null ? (
            <p className="text-ink-3">no run</p>
          ) : (
            <Link
              to="/runs/$runId"
              params={{ runId: last_run.id }}
              className="flex items-center gap-1 text-ink-3 hover:underline"
              title={`${last_run.name}: ${stateLabel(last_run.state_type, last_run.state_name)}`}
            >
              <StateShape kind={stateKind(last_run.state_type, last_run.state_name)} size={10} />
              <Time at={last_run.at} format="relative" />
            </Link>
          )}
        </>
      )}
      <Handle
        type="source"
        position={Position.Right}
        isConnectable={false}
        className="!size-1 !min-h-0 !min-w-0 !border-0 !bg-line-strong"
      />
    </div>
  );
}

/** React Flow's own variables, by our tokens. */
const COLORS = {
  '--xy-controls-button-background-color': 'var(--color-surface)',
  '--xy-controls-button-background-color-hover': 'var(--color-hover)',
  '--xy-controls-button-color': 'var(--color-ink)',
  '--xy-controls-button-color-hover': 'var(--color-ink)',
  '--xy-controls-button-border-color': 'var(--color-line)',
  '--xy-controls-box-shadow': '0 0 0 1px var(--color-line)',
  '--xy-attribution-background-color': 'transparent',
} as CSSProperties;

const TYPES = { data: Data, head: Head };
