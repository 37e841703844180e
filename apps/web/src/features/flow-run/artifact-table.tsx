import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { bytes, count } from '../../lib/numbers.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import type { Table } from './value-shape.ts';

/** Rows that are drawn; a table of more is still whole in the API. */
const MOST_ROWS = 500;
/** Longer text is read in lines, shorter text stands in one. */
const LONG = 60;

/** A table that a run left, its columns in the order in which the run gave them. */
export function ArtifactTable({ caption, columns, rows }: Table & { readonly caption: string }) {
  const numbered = rows.slice(0, MOST_ROWS).map((row, at) => ({ row, at }));
  return (
    <>
      <SimpleTable<(typeof numbered)[number]>
        caption={caption}
        rows={numbered}
        rowKey={({ at }) => String(at)}
        columns={columns.map((column) => ({
          id: column,
          header: column.replaceAll('_', ' '),
          align: rows.every(({ [column]: value }) => value == null || typeof value === 'number') ? 'end' : 'start',
          cell: ({ row }) => <Cell name={column} value={row[column]} />,
        }))}
      />
      {rows.length > MOST_ROWS ? (
        <p className="px-3 py-1.5 text-sm text-ink-3">
          the first {count(MOST_ROWS)} of {count(rows.length)} rows
        </p>
      ) : null}
    </>
  );
}

function Cell({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="text-ink-3">–</span>;
  if (typeof value === 'number') {
    if (name === 'bytes') return <span className="whitespace-nowrap">{bytes(value)}</span>;
    return Number.isInteger(value) ? count(value) : value.toFixed(2);
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (name === 'flow_run_id') {
    return (
      <Link to="/runs/$runId" params={{ runId: text }} className="link figures whitespace-nowrap">
        {text.slice(0, 8)}
      </Link>
    );
  }
  if (name === 'path') return <span className="figures whitespace-nowrap">{text}</span>;
  return <span className={text.length > LONG ? 'block min-w-64' : 'whitespace-nowrap'}>{text}</span>;
}
