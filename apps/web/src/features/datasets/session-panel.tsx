import type { Dataset, SliceCoverage } from '@champion/contract';
import { Link } from '@tanstack/react-router';
import { count } from '../../lib/numbers.ts';
import { dayBounds, dayName } from '../../lib/time.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import type { BackfillSpan } from '../backfills/backfill-dialog.tsx';
import { gapAround, type Session } from './heat-map.ts';
import { OutcomeMark } from './outcome-mark.tsx';
import { isGap, MARK_MEANINGS, markOf } from './outcomes.ts';

export interface SessionPanelProps {
  readonly dataset: Dataset;
  readonly sessions: readonly Session[];
  readonly selected: number;
  readonly onBackfill: (span: BackfillSpan) => void;
}

/** One session: what became of it, why, and what can be done about it. */
export function SessionPanel({ dataset, sessions, selected, onBackfill }: SessionPanelProps) {
  const session = sessions[selected];
  if (session === undefined) {
    return (
      <Panel title="Session">
        <EmptyState title="Choose a session">
          Click one, or move with the arrow keys; “n” goes to the next that is not here.
        </EmptyState>
      </Panel>
    );
  }
  const gap = gapAround(sessions, selected);
  return (
    <Panel title={dayName(dayBounds(session.date).from)} aside={<OutcomeMark mark={session.mark} />}>
      <div aria-live="polite" className="flex flex-col gap-3">
        <p className="text-sm text-ink-2">{MARK_MEANINGS[session.mark]}</p>
        {session.slices.map((slice) => (
          <SliceFacts key={slice.slice} slice={slice} alone={session.slices.length === 1} />
        ))}
        {dataset.latest_only ? (
          <p className="text-xs text-ink-3">
            The exchange serves only the present state of this dataset: what was not fetched on its day cannot be had
            any more.
          </p>
        ) : (
          <div className="flex flex-wrap gap-2">
            {gap === undefined ? (
              <Button
                icon="retry"
                onClick={() => onBackfill({ from: session.date, to: session.date, only: 'all' })}
                title="Asks the exchange for it again; a file that has changed becomes a new revision"
              >
                Load it again
              </Button>
            ) : (
              <Button
                icon="play"
                variant="primary"
                onClick={() => onBackfill({ from: session.date, to: session.date, only: 'missing' })}
              >
                Backfill it
              </Button>
            )}
            {gap !== undefined && gap.count > 1 ? (
              <Button onClick={() => onBackfill({ from: gap.from, to: gap.to, only: 'missing' })}>
                The whole gap: {count(gap.count)} sessions
              </Button>
            ) : null}
          </div>
        )}
        <p className="flex gap-4 text-sm">
          <Link
            to="/datasets/$name"
            params={{ name: dataset.name }}
            search={{ tab: 'files', day: session.date }}
            className="link"
          >
            Its files
          </Link>
          <Link
            to="/datasets/$name"
            params={{ name: dataset.name }}
            search={{ tab: 'preview', day: session.date }}
            className="link"
          >
            Its rows
          </Link>
        </p>
      </div>
    </Panel>
  );
}

function SliceFacts({ slice, alone }: { readonly slice: SliceCoverage; readonly alone: boolean }) {
  const mark = markOf(slice);
  const number = (value: number | null) => (value === null ? '–' : count(value));
  if (!alone && mark === 'LOADED') {
    return (
      <div className="flex items-center justify-between gap-3 border-t border-line pt-2 text-sm">
        <span className="truncate font-medium">{slice.slice}</span>
        <span className="text-ink-3">{number(slice.rows)} rows</span>
        <OutcomeMark mark={mark} />
      </div>
    );
  }
  return (
    <div className={alone ? '' : 'border-t border-line pt-2'}>
      {alone ? null : (
        <p className="mb-1 flex items-center justify-between gap-3 text-sm">
          <span className="truncate font-medium">{slice.slice}</span>
          <OutcomeMark mark={mark} />
        </p>
      )}
      {slice.message === null ? null : (
        <p className="mb-2 rounded-md bg-sunken px-2 py-1.5 text-sm break-words">{slice.message}</p>
      )}
      <Facts
        items={[
          ...(isGap(mark) && slice.rows === null
            ? []
            : ([
                ['Rows', number(slice.rows)],
                ['Quarantined', number(slice.quarantined)],
                ['Anomalies', number(slice.anomalies)],
                ['Revision', slice.revision ?? '–'],
              ] as const)),
          ['Updated', slice.updated_at === null ? 'never' : <Time key="at" at={slice.updated_at} />],
          [
            'Run',
            slice.flow_run_id === null ? (
              '–'
            ) : (
              <Link key="run" to="/runs/$runId" params={{ runId: slice.flow_run_id }} className="link">
                the run that said so
              </Link>
            ),
          ],
        ]}
      />
    </div>
  );
}
