import type { BlockDocument, BlockSchema } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { CopyButton } from '../../ui/json-view.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { useDeleteBlock, useTestBlock } from './actions.ts';
import { BlockDialog } from './block-dialog.tsx';
import { blockQueries } from './queries.ts';
import type { BlocksSearch } from './search.ts';
import { canNotify, referenceOf } from './words.ts';

interface BlocksPageProps {
  readonly search: BlocksSearch;
  readonly onSearch: (change: BlocksSearch) => void;
}

/** Typed configuration and secrets, and what uses them. */
export function BlocksPage({ search, onSearch }: BlocksPageProps) {
  const list = useQuery(blockQueries.list());
  const known = useQuery(blockQueries.schemas());
  const error = list.error ?? known.error;
  const blocks = list.data;
  const schemas = known.data;
  const add = (
    <Button variant="primary" icon="plus" disabled={schemas === undefined} onClick={() => onSearch({ new: 'any' })}>
      New block
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title="Blocks"
        below="Configuration under a name; its secrets are encrypted and never shown again"
        actions={add}
      />
      {error ? (
        <ErrorState
          error={error}
          title="The blocks could not be read"
          onRetry={() => void Promise.all([list.refetch(), known.refetch()])}
        />
      ) : blocks === undefined || schemas === undefined ? (
        <SkeletonLines lines={4} />
      ) : (
        <Panel title="All blocks" aside={blocks.length === 0 ? undefined : blocks.length} flush>
          {blocks.length === 0 ? (
            <EmptyState title="No blocks yet">
              A block holds what must not stand in code: the address of a Slack channel that notification rules send to,
              a token that a flow reads in a task. Its secrets are encrypted, and never shown again.
            </EmptyState>
          ) : (
            <ul>
              {blocks.map((block) => (
                <BlockRow key={block.id} block={block} blocks={blocks} schemas={schemas} />
              ))}
            </ul>
          )}
        </Panel>
      )}
      {search.new !== undefined && schemas !== undefined ? (
        <BlockDialog
          block={undefined}
          type={search.new}
          schemas={schemas}
          blocks={blocks ?? []}
          onClose={() => onSearch({ new: undefined })}
        />
      ) : null}
    </Page>
  );
}

interface BlockRowProps {
  readonly block: BlockDocument;
  readonly blocks: readonly BlockDocument[];
  readonly schemas: readonly BlockSchema[];
}

function BlockRow({ block, blocks, schemas }: BlockRowProps) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | undefined>();
  const test = useTestBlock();
  const reference = referenceOf(block);
  const close = () => setDialog(undefined);
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-line px-3 py-2 last:border-0">
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-all">{reference}</span>
          <Badge>{block.block_type_name}</Badge>
          <CopyButton text={reference} label={`Copy the name ${reference}`} />
        </p>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-ink-2">
          {Object.entries(block.data).map(([field, value]) => (
            <div key={field} className="contents">
              <dt className="text-ink-3">{titleOf(block, field)}</dt>
              <dd className="truncate font-mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
        <p className="text-ink-3">
          {block.used_by.length === 0 ? (
            'No rule uses it'
          ) : (
            <>
              Used by{' '}
              {block.used_by.map(({ id, name }, index) => (
                <span key={id}>
                  {index === 0 ? '' : ', '}
                  <Link to="/notifications" search={{ rule: id }} className="link underline">
                    {name}
                  </Link>
                </span>
              ))}
            </>
          )}
          {' · changed '}
          <Time at={block.updated} format="relative" />
        </p>
      </div>
      <div className="flex flex-wrap gap-1.5">
        {canNotify(block.block_schema) ? (
          <Button
            size="sm"
            busy={test.isPending}
            onClick={() => test.mutate(block)}
            aria-label={`Send a test to ${reference}`}
          >
            Send a test
          </Button>
        ) : null}
        <Button size="sm" onClick={() => setDialog('edit')} aria-label={`Edit ${reference}`}>
          Edit
        </Button>
        <Button size="sm" variant="danger" onClick={() => setDialog('delete')} aria-label={`Delete ${reference}`}>
          Delete
        </Button>
      </div>
      {dialog === 'edit' ? <BlockDialog block={block} schemas={schemas} blocks={blocks} onClose={close} /> : null}
      {dialog === 'delete' ? <DeleteDialog block={block} onClose={close} /> : null}
    </li>
  );
}

/** Asks first; while something uses the block it says what, and does not offer it. */
function DeleteDialog({ block, onClose }: { readonly block: BlockDocument; readonly onClose: () => void }) {
  const remove = useDeleteBlock();
  const users = block.used_by.map(({ name }) => name);
  const isUsed = users.length > 0;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={isUsed ? `${referenceOf(block)} is in use` : `Delete ${referenceOf(block)}?`}
      description={
        isUsed
          ? `The notification ${users.length === 1 ? 'rule' : 'rules'} ${users.join(', ')} would send nothing any more. Give ${users.length === 1 ? 'it' : 'them'} another target first.`
          : 'What it holds is gone. A flow that reads it fails from then on.'
      }
      actions={
        isUsed ? (
          <Button onClick={onClose}>Close</Button>
        ) : (
          <>
            <Button onClick={onClose}>Keep it</Button>
            <Button
              variant="danger"
              onClick={() => {
                onClose();
                remove.mutate(block);
              }}
            >
              Delete the block
            </Button>
          </>
        )
      }
    />
  );
}

function titleOf(block: BlockDocument, field: string): string {
  const properties = block.block_schema?.fields.properties as
    | Readonly<Record<string, { readonly title?: string }>>
    | undefined;
  return properties?.[field]?.title ?? field;
}
