import type { Dataset } from '@champion/contract';
import { Link } from '@tanstack/react-router';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';

/** What each column of the warehouse table means. */
export function SchemaTab({ dataset }: { readonly dataset: Dataset }) {
  return (
    <Panel
      title={
        <>
          Table <span className="figures">{dataset.table}</span>
        </>
      }
      aside={
        <Link to="/sql" search={{ q: `SELECT * FROM ${dataset.table} LIMIT 100` }} className="link">
          Ask it by SQL
        </Link>
      }
      flush
    >
      <SimpleTable
        caption={`Columns of ${dataset.table}`}
        rows={dataset.columns}
        rowKey={({ name }) => name}
        columns={[
          { id: 'name', header: 'Column', cell: ({ name }) => <span className="figures">{name}</span> },
          {
            id: 'type',
            header: 'Type',
            className: 'text-ink-2',
            cell: ({ type }) => <span className="figures">{type}</span>,
          },
          {
            id: 'meaning',
            header: 'Meaning',
            className: 'max-sm:hidden',
            cell: ({ meaning }) => meaning ?? <span className="text-ink-3">–</span>,
          },
        ]}
      />
    </Panel>
  );
}
