import type { Flow, FlowRun } from '@champion/contract';
import { median } from '@champion/core';
import { Link } from '@tanstack/react-router';
import { Duration } from '../../ui/duration.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { FlowStrip } from '../flows/flow-strip.tsx';

interface FlowsPanelProps {
  readonly flows: readonly Flow[];
  /** The latest first; undefined while they load. */
  readonly recent: ReadonlyMap<string, readonly FlowRun[] | undefined>;
  readonly upcoming: readonly FlowRun[];
}

export function FlowsPanel({ flows, recent, upcoming }: FlowsPanelProps) {
  const lastOf = (flow: Flow) => recent.get(flow.name)?.[0];
  return (
    <SimpleTable
      caption="Flows and their last runs"
      rows={flows}
      rowKey={(flow) => flow.id}
      columns={[
        {
          id: 'flow',
          header: 'Flow',
          cell: (flow) => (
            <Link to="/runs" search={{ flow: [flow.name] }} className="font-medium hover:text-accent hover:underline">
              {flow.name}
              <span className="my-0.5 block sm:hidden">
                <FlowStrip flowName={flow.name} runs={recent.get(flow.name) ?? []} />
              </span>
            </Link>
          ),
        },
        {
          id: 'strip',
          header: 'Last 30',
          className: 'w-[230px] max-sm:hidden',
          cell: (flow) => <FlowStrip flowName={flow.name} runs={recent.get(flow.name) ?? []} />,
        },
        {
          id: 'last',
          header: 'Last run',
          cell: (flow) => {
            const run = lastOf(flow);
            return run === undefined ? (
              <span className="text-ink-3">Never</span>
            ) : (
              <Link to="/runs/$runId" params={{ runId: run.id }} className="flex flex-wrap gap-x-2 hover:underline">
                <StateMark type={run.state_type} name={run.state_name} />
                <span className="text-ink-3">
                  <Time at={run.start_time} format="relative" />
                </span>
              </Link>
            );
          },
        },
        {
          id: 'median',
          header: 'Median',
          align: 'end',
          className: 'max-xl:hidden',
          cell: (flow) => {
            const runs = recent.get(flow.name) ?? [];
            const known = runs.flatMap((run) =>
              run.state_type === 'COMPLETED' && run.duration !== null ? [run.duration] : [],
            );
            return <Duration seconds={median(known) ?? null} />;
          },
        },
        {
          id: 'next',
          header: 'Next, IST',
          align: 'end',
          className: 'max-md:hidden',
          cell: (flow) => {
            const next = upcoming.find((run) => run.flow_name === flow.name);
            return <Time at={next?.expected_start_time} format="short" />;
          },
        },
      ]}
    />
  );
}
