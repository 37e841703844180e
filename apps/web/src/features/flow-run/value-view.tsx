import type { ReactNode } from 'react';
import { bytes, count, percent } from '../../lib/numbers.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { Facts } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { isRecord, shapeOf, tableOf } from './value-shape.ts';

/** What a run or task gave back, as facts and tables where it can be, and as a tree where it cannot. */
export function ValueView({ value, depth = 0 }: { readonly value: unknown; readonly depth?: number }) {
  const table = tableOf(value);
  if (table !== undefined) return <ValueTable name="rows" columns={table.columns} rows={table.rows} />;
  if (!isRecord(value)) return <JsonView value={value} />;
  const { facts, tables, parts } = shapeOf(value);
  return (
    <div className="flex flex-col gap-3">
      {facts.length === 0 ? null : (
        <Facts items={facts.map(([name, fact]) => [wordsOf(name), <Plain key={name} name={name} value={fact} />])} />
      )}
      {tables.map(([name, { columns, rows }]) => (
        <div key={name}>
          <p className="label-caps mb-1">{wordsOf(name)}</p>
          <div className="rounded-md border border-line">
            <ValueTable name={wordsOf(name)} columns={columns} rows={rows} />
          </div>
        </div>
      ))}
      {parts.map(([name, part]) => (
        <div key={name}>
          <p className="label-caps mb-1">{wordsOf(name)}</p>
          <Part value={part} depth={depth} />
        </div>
      ))}
    </div>
  );
}

/** Deeper than this a value is easier to read as a tree. */
const MOST_DEPTH = 2;

function Part({ value, depth }: { readonly value: unknown; readonly depth: number }) {
  if (isRecord(value) && depth < MOST_DEPTH) return <ValueView value={value} depth={depth + 1} />;
  if (!Array.isArray(value) || value.length > 20 || !value.every(isRecord) || depth >= MOST_DEPTH) {
    return <JsonView value={value} openLevels={1} />;
  }
  return (
    <div className="flex flex-col gap-2">
      {value.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no name, and do not move
        <div key={at} className="rounded-md border border-line px-3 py-2">
          <ValueView value={item} depth={depth + 1} />
        </div>
      ))}
    </div>
  );
}

interface ValueTableProps {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

function ValueTable({ name, columns, rows }: ValueTableProps) {
  const numbered = rows.map((row, at) => ({ row, at }));
  return (
    <SimpleTable<(typeof numbered)[number]>
      caption={name}
      rows={numbered}
      rowKey={({ at }) => String(at)}
      columns={columns.map((column) => ({
        id: column,
        header: wordsOf(column),
        align: rows.every((row) => typeof row[column] === 'number' || row[column] == null)
          ? ('end' as const)
          : ('start' as const),
        cell: ({ row }) => <Plain name={column} value={row[column]} />,
      }))}
    />
  );
}

/** "rowsProcessed" and "rows_processed" → "rows processed". */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** A plain value, by what its name says it is. */
function Plain({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="text-ink-3">–</span>;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (/bytes/i.test(name)) return bytes(value);
    if (/rate$/i.test(name) && value >= 0 && value <= 1) return percent(value, 2);
    return Number.isInteger(value) ? count(value) : String(value);
  }
  if (typeof value === 'string')
    return /[/\\]|^[0-9a-f]{16,}$/.test(value) ? (
      <code className="inline-block min-w-36 break-all">{value}</code>
    ) : (
      value
    );
  const entries = Object.entries(value);
  if (entries.every(([, field]) => typeof field === 'number')) {
    const counted = entries.filter(([, field]) => field !== 0);
    return counted.length === 0 ? 'none' : counted.map(([key, field]) => `${key} ${field}`).join(', ');
  }
  return <code className="inline-block min-w-48 break-all">{JSON.stringify(value)}</code>;
}
