import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isOver, wentWrong } from '../../lib/states.ts';
import { duration } from '../../lib/time.ts';
import { Duration, Elapsed } from '../../ui/duration.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { runQueries } from '../flow-runs/queries.ts';
import { FlowStrip, runSummary, STRIP_RUNS } from './flow-strip.tsx';
import { medianSeconds } from './flows-page.tsx';

/** The flow's last runs. */
export function FlowRunsTab({ name }: { readonly name: string }) {
  const query = useQuery(runQueries.recentOfFlow(name, STRIP_RUNS));
  const runs = query.data;
  if (query.error) {
    return <ErrorState error={query.error} title="The runs could not be read" onRetry={() => void query.refetch()} />;
  }
  if (runs === undefined) return <SkeletonLines lines={8} />;
  if (runs.length === 0) {
    return (
      <EmptyState title="It has never run">
        Its schedule starts it, or <code>champion flow run {name}</code>.
      </EmptyState>
    );
  }
  const ended = runs.filter((run) => isOver(run.state_type));
  const wrong = ended.filter((run) => wentWrong(run.state_type)).length;
  const middle = medianSeconds(runs);
  return (
    <div className="flex flex-col gap-3">
      <Panel>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          <FlowStrip flowName={name} runs={runs} height={36} />
          <p className="text-sm text-ink-2">
            {runSummary(runs)}
            <br />
            <span className="text-ink-3">
              {ended.length === 0 ? 'none has ended' : `${ended.length - wrong} of ${ended.length} ended well`}
              {middle === null ? '' : ` · median ${duration(middle)}`}
            </span>
          </p>
        </div>
      </Panel>
      <Panel
        title={`Last ${runs.length} runs`}
        flush
        aside={
          <Link to="/runs" search={{ flow: [name] }} className="link">
            All its runs
          </Link>
        }
      >
        <SimpleTable
          caption={`Last runs of ${name}`}
          rows={runs}
          rowKey={({ id }) => id}
          columns={[
            {
              id: 'run',
              header: 'Run',
              cell: (run) => (
                <Link to="/runs/$runId" params={{ runId: run.id }} className="link break-words">
                  {run.name}
                </Link>
              ),
            },
            {
              id: 'id',
              header: 'Id',
              className: 'max-lg:hidden',
              cell: (run) => <span className="figures text-ink-3">{run.id.slice(0, 8)}</span>,
            },
            {
              id: 'state',
              header: 'Status',
              cell: (run) => <StateMark type={run.state_type} name={run.state_name} />,
            },
            {
              id: 'started',
              header: 'Started, IST',
              className: 'max-sm:hidden',
              cell: (run) => <Time at={run.start_time} format="short" />,
            },
            {
              id: 'ended',
              header: 'Ended, IST',
              className: 'max-md:hidden',
              cell: (run) => <Time at={run.end_time} format="short" />,
            },
            {
              id: 'duration',
              header: 'Duration',
              align: 'end',
              cell: (run) =>
                run.end_time === null && run.start_time !== null ? (
                  <Elapsed since={run.start_time} />
                ) : (
                  <Duration seconds={run.duration} />
                ),
            },
            {
              id: 'logs',
              header: <span className="sr-only">Logs</span>,
              align: 'end',
              className: 'max-sm:hidden',
              cell: (run) => (
                <Link
                  to="/runs/$runId"
                  params={{ runId: run.id }}
                  search={{ tab: 'logs' }}
                  className="link whitespace-nowrap"
                  aria-label={`Logs of ${run.name}`}
                >
                  Logs
                </Link>
              ),
            },
          ]}
        />
      </Panel>
    </div>
  );
}
