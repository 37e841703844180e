import type { FlowRun } from '@champion/contract';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Duration, Elapsed } from '../../ui/duration.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { sessionOf } from '../flow-run/session-of.ts';

/** The columns of every table of runs. */
export const runColumns: readonly Column<FlowRun>[] = [
  {
    id: 'state',
    header: 'State',
    width: '112px',
    cell: (run) => <StateMark type={run.state_type} name={run.state_name} />,
  },
  {
    id: 'flow',
    header: 'Flow and run',
    width: 'minmax(110px, 2.4fr)',
    cell: (run) => (
      <>
        <Link to="/runs/$runId" params={{ runId: run.id }} className="font-medium hover:text-accent hover:underline">
          {run.flow_name}
        </Link>
        <span className="text-ink-3"> {run.name}</span>
      </>
    ),
  },
  {
    id: 'session',
    header: 'Session',
    width: '88px',
    from: 620,
    cell: (run) => sessionOf(run.parameters) ?? <span className="text-ink-3">–</span>,
  },
  {
    id: 'deployment',
    header: 'Deployment',
    width: 'minmax(120px, 1.2fr)',
    from: 1000,
    cell: (run) => run.deployment_name ?? <span className="text-ink-3">–</span>,
  },
  {
    id: 'tags',
    header: 'Tags',
    width: 'minmax(80px, 1fr)',
    from: 1150,
    cell: (run) => (
      <span className="flex gap-1">
        {run.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </span>
    ),
  },
  {
    id: 'start',
    header: 'Start, IST',
    width: '104px',
    from: 480,
    cell: (run) => <Time at={run.start_time ?? run.expected_start_time} format="short" />,
  },
  {
    id: 'ago',
    header: '',
    width: '78px',
    align: 'end',
    from: 760,
    cell: (run) => (
      <span className="text-ink-3">
        <Time at={run.start_time ?? run.expected_start_time} format="relative" />
      </span>
    ),
  },
  {
    id: 'duration',
    header: 'Duration',
    width: '76px',
    align: 'end',
    cell: (run) =>
      run.state_type === 'RUNNING' && run.start_time !== null ? (
        <Elapsed since={run.start_time} />
      ) : (
        <Duration seconds={run.duration} />
      ),
  },
];
