import type { LakeFile } from '@champion/contract';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../app/api.ts';
import { bytes, count } from '../../lib/numbers.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/json-view.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Time } from '../../ui/time.tsx';
import { notifyError } from '../../ui/toast.tsx';

interface FilesProps {
  readonly caption: string;
  /** Undefined: gold, which is of no one dataset. */
  readonly dataset?: string;
  readonly files: readonly LakeFile[];
}

/** Every version of what the exchange served, with where it came from. */
export function RawFiles({ caption, dataset, files }: FilesProps) {
  return (
    <SimpleTable
      caption={caption}
      rows={files}
      rowKey={({ id }) => id}
      columns={[
        {
          id: 'file',
          header: 'File',
          cell: ({ table, slice, raw }) => (
            <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5">
              {raw === null || !/^https?:/.test(raw.url) ? (
                table
              ) : (
                <a href={raw.url} className="link" title={raw.url} rel="noreferrer" target="_blank">
                  {table}
                </a>
              )}
              {slice === table || slice === null ? null : <span className="text-ink-3">of {slice}</span>}
              {raw?.current ? <Badge tone="good">in the tables</Badge> : <Badge>superseded</Badge>}
            </span>
          ),
        },
        { id: 'revision', header: 'Rev.', align: 'end', cell: ({ raw }) => raw?.revision },
        { id: 'bytes', header: 'Size', align: 'end', className: 'whitespace-nowrap', cell: (row) => bytes(row.bytes) },
        {
          id: 'status',
          header: 'Answer',
          align: 'end',
          className: 'max-md:hidden',
          cell: ({ raw }) => (raw?.status === 0 ? 'from disk' : raw?.status),
        },
        {
          id: 'fetched',
          header: 'Fetched, IST',
          className: 'max-sm:hidden whitespace-nowrap',
          cell: ({ raw }) => (raw === null ? null : <Time at={raw.fetched_at} format="short" />),
        },
        {
          id: 'sha',
          header: 'SHA-256',
          className: 'max-lg:hidden',
          cell: ({ raw }) => (
            <span className="figures" title={raw?.sha256}>
              {raw?.sha256.slice(0, 12)}…
            </span>
          ),
        },
        { id: 'path', header: 'In the lake', className: 'max-2xl:hidden', cell: ({ path }) => <Path path={path} /> },
        { id: 'get', header: <Hidden>Download</Hidden>, align: 'end', cell: (file) => <Get {...{ dataset, file }} /> },
      ]}
    />
  );
}

/** Parquet files that were made of them. */
export function MadeFiles({ caption, dataset, files }: FilesProps) {
  return (
    <SimpleTable
      caption={caption}
      rows={files}
      rowKey={({ id }) => id}
      columns={[
        { id: 'layer', header: 'Layer', cell: ({ layer }) => <Badge>{layer}</Badge> },
        {
          id: 'table',
          header: 'Table',
          cell: ({ table, layer, path }) => (
            <span className="inline-flex flex-wrap items-baseline gap-x-2">
              <span className="figures">{table}</span>
              {layer === 'gold' ? null : <span className="text-ink-3">{partOf(path)}</span>}
            </span>
          ),
        },
        {
          id: 'rows',
          header: 'Rows',
          align: 'end',
          cell: ({ rows }) => (rows === null ? '–' : count(rows)),
        },
        { id: 'bytes', header: 'Size', align: 'end', className: 'whitespace-nowrap', cell: (row) => bytes(row.bytes) },
        { id: 'path', header: 'In the lake', className: 'max-md:hidden', cell: ({ path }) => <Path path={path} /> },
        { id: 'get', header: <Hidden>Download</Hidden>, align: 'end', cell: (file) => <Get {...{ dataset, file }} /> },
      ]}
    />
  );
}

/** Which part of the table's day it is: a slice, an input, or one snapshot of it. */
function partOf(path: string): string | undefined {
  return path
    .split('/')
    .at(-1)
    ?.replace(/\.parquet$/, '');
}

function Path({ path }: { readonly path: string }) {
  return (
    <span className="flex items-center gap-1">
      <span className="figures max-w-[44ch] truncate" title={path}>
        {path}
      </span>
      <CopyButton text={path} />
    </span>
  );
}

function Hidden({ children }: { readonly children: ReactNode }) {
  // Within something positioned, or it would widen the page beyond what scrolls.
  return (
    <span className="relative">
      <span className="sr-only">{children}</span>
    </span>
  );
}

/** Saves one file. By a request of ours and not by a link, which could not carry the key. */
function Get({ dataset, file }: { readonly dataset: string | undefined; readonly file: LakeFile }) {
  const { id, trade_date: date, file_name } = file;
  const download = useMutation({
    mutationFn: async () =>
      saveFile(
        dataset === undefined
          ? await api().downloadGoldFile({ params: { date, id } })
          : await api().downloadFile({ params: { name: dataset, date, id } }),
      ),
    onError: (error) => notifyError(`${file_name} was not downloaded`, error),
  });
  return (
    <Button
      size="sm"
      variant="quiet"
      icon="download"
      aria-label={`Download ${file_name}`}
      title={file_name}
      disabled={download.isPending}
      onClick={() => download.mutate()}
    />
  );
}
