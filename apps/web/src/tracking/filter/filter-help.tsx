import { useMemo } from 'react';
import type { Run } from '../api/types.ts';
import { grammarOf, keysOf } from '../lib/fields.ts';

interface FilterHelpProps {
  readonly runs: readonly Run[];
  readonly onExample: (filter: string) => void;
}

/** The grammar in a few lines, by examples of what the runs on the page have. */
export function FilterHelp({ runs, onExample }: FilterHelpProps) {
  const examples = useMemo(() => examplesOf(runs), [runs]);
  return (
    <details className="mt-1 text-sm text-ink-2">
      <summary className="w-fit text-ink-3">How to filter</summary>
      <div className="mt-1 max-w-[90ch] rounded-md border border-line bg-surface px-3 py-2">
        <p>
          Conditions joined by <code>AND</code>, as in MLflow's searches. Numbers (<code>metrics.</code>,{' '}
          <code>duration</code>, <code>start_time</code>) by <code>{'> >= < <= = !='}</code>; texts (
          <code>params.</code>, <code>tags.</code>, <code>status</code>, <code>run_name</code>) in quotes by{' '}
          <code>= !=</code>, and by <code>LIKE</code> or <code>ILIKE</code>, in which <code>%</code> stands for
          anything. Keys with spaces stand in backticks: <code>params.`a key`</code>.
        </p>
        <ul className="mt-1.5 flex flex-col gap-0.5">
          {examples.map(({ filter, what }) => (
            <li key={filter} className="flex flex-wrap gap-x-3">
              <button type="button" className="link figures text-left break-all" onClick={() => onExample(filter)}>
                {filter}
              </button>
              <span className="text-ink-3">{what}</span>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}

function examplesOf(runs: readonly Run[]): readonly { readonly filter: string; readonly what: string }[] {
  const { metrics } = keysOf(runs);
  const date = runs.find(({ params }) => params.trade_date !== undefined)?.params.trade_date;
  const key = metrics.includes('rows_processed') ? 'rows_processed' : metrics[0];
  const field = key === undefined ? undefined : grammarOf({ entity: 'metrics', key });
  const examples = [
    { filter: "status = 'FAILED'", what: 'runs that failed' },
    { filter: 'duration > 10000', what: 'that took more than ten seconds' },
  ];
  if (field !== undefined) examples.push({ filter: `${field} > 1000`, what: 'by a metric' });
  if (date !== undefined) {
    examples.push({ filter: `params.trade_date = '${date}'`, what: 'of one session' });
    if (field !== undefined) {
      const both = `${field} > 1000 and params.trade_date LIKE '${date.slice(0, 7)}-%'`;
      examples.push({ filter: both, what: 'of a month, by a metric' });
    }
  }
  return examples;
}
