import { useState } from 'react';
import { ErrorState } from '../../ui/error-state.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import type { TableShape } from './queries.ts';

export interface TableListProps {
  readonly tables: readonly TableShape[] | undefined;
  readonly error: unknown;
  readonly onChoose: (table: string) => void;
}

/** What there is to ask: tables, and their columns when opened. */
export function TableList({ tables, error, onChoose }: TableListProps) {
  const [text, setText] = useState('');
  const found = (tables ?? []).filter(
    ({ name, columns }) => name.includes(text) || columns.some((column) => column.name.includes(text)),
  );
  return (
    <aside
      aria-label="Tables"
      className="row-span-2 flex min-h-0 flex-col overflow-hidden rounded-lg border border-line bg-surface max-lg:hidden"
    >
      <div className="p-2">
        <SearchInput
          aria-label="Find a table or column"
          placeholder="Table or column"
          value={text}
          onValueChange={(next) => setText(next.toLowerCase())}
          className="w-full"
        />
      </div>
      <div className="min-h-0 grow overflow-y-auto px-2 pb-2 text-sm">
        {error ? <ErrorState error={error} compact /> : null}
        {tables === undefined && !error ? <SkeletonLines lines={8} /> : null}
        {tables !== undefined && found.length === 0 ? <p className="px-1 text-ink-3">None is called that.</p> : null}
        {found.map(({ name, columns }) => (
          <details key={name} open={text !== '' && !name.includes(text) ? true : undefined} className="group">
            <summary className="flex h-6.5 items-center justify-between gap-2 rounded-sm px-1 hover:bg-hover">
              <span className="figures truncate">{name}</span>
              <span className="text-xs text-ink-3">{columns.length}</span>
            </summary>
            <div className="mb-1.5 ml-2 border-l border-line pl-2">
              <button type="button" className="link text-xs" onClick={() => onChoose(name)}>
                Show its rows
              </button>
              <dl className="grid grid-cols-[1fr_auto] gap-x-2 text-xs">
                {columns.map((column) => (
                  <div key={column.name} className="contents">
                    <dt className="figures truncate">{column.name}</dt>
                    <dd className="max-w-28 truncate text-ink-3" title={column.type}>
                      {column.type}
                    </dd>
                  </div>
                ))}
              </dl>
            </div>
          </details>
        ))}
      </div>
    </aside>
  );
}
