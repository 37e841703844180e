import type { Artifact, FlowRunDetail } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { isOver } from '../../lib/states.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { ArtifactTable } from './artifact-table.tsx';
import { factQueries } from './fact-queries.ts';
import { MarkdownView, SafeLink } from './markdown-view.tsx';
import { tableOf } from './value-shape.ts';

/** What the run left for people to read: reports first, then links, then tables. */
export function Artifacts({ run }: { readonly run: FlowRunDetail }) {
  const { data, error, refetch } = useQuery(factQueries.artifacts(run.id));
  if (error) return <ErrorState error={error} title="The artifacts could not be read" onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={6} />;
  if (data.length === 0) {
    return (
      <EmptyState title={isOver(run.state_type) ? 'It left nothing to read' : 'It has left nothing yet'}>
        A run that loads rows leaves a report of their quality, and where its files are.
      </EmptyState>
    );
  }
  const sorted = [...data].sort((a, b) => ORDER.indexOf(a.type ?? '') - ORDER.indexOf(b.type ?? ''));
  return (
    <div className="flex flex-col gap-3">
      {sorted.map((artifact) => (
        <Panel
          key={artifact.id}
          title={artifact.description ?? artifact.key}
          aside={<span className="figures max-sm:hidden">{artifact.key}</span>}
          flush={artifact.type === 'table'}
        >
          <Content artifact={artifact} />
        </Panel>
      ))}
    </div>
  );
}

const ORDER: readonly string[] = ['markdown', 'link', 'table'];

function Content({ artifact: { type, data, key } }: { readonly artifact: Artifact }) {
  if (type === 'markdown' && typeof data === 'string') return <MarkdownView text={data} label={key ?? 'report'} />;
  if (type === 'link' && isLink(data)) return <SafeLink href={data.href} text={data.text} />;
  if (type === 'table') {
    const table = tableOf(data);
    if (table !== undefined) return <ArtifactTable caption={key ?? 'table'} {...table} />;
    if (Array.isArray(data) && data.length === 0) return <EmptyState title="It has no rows" />;
  }
  return <JsonView value={data} />;
}

function isLink(data: unknown): data is { readonly href: string; readonly text: string } {
  const { href, text } = (data ?? {}) as { readonly href?: unknown; readonly text?: unknown };
  return typeof href === 'string' && typeof text === 'string';
}
