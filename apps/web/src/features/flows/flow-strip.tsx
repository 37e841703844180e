import type { FlowRun } from '@champion/contract';
import { useNavigate } from '@tanstack/react-router';
import { STATE_LABELS, type StateKind, stateKind } from '../../lib/states.ts';
import { duration, shortMoment } from '../../lib/time.ts';
import { RunStrip } from '../../ui/run-strip.tsx';

export const STRIP_RUNS = 30;

/** "28 completed, 2 failed". */
export function runSummary(runs: readonly FlowRun[]): string {
  const counts = new Map<StateKind, number>();
  for (const run of runs) {
    const kind = stateKind(run.state_type, run.state_name);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, times]) => `${times} ${STATE_LABELS[kind].toLowerCase()}`).join(', ') || 'none yet';
}

interface FlowStripProps {
  readonly flowName: string;
  /** The latest first. */
  readonly runs: readonly FlowRun[];
  readonly height?: number;
}

/** A flow's last runs at a glance; a click opens one. */
export function FlowStrip({ flowName, runs, height = 22 }: FlowStripProps) {
  const navigate = useNavigate();
  return (
    <RunStrip
      label={`Last ${STRIP_RUNS} runs of ${flowName}: ${runSummary(runs)}`}
      slots={STRIP_RUNS}
      height={height}
      onOpen={(runId) => void navigate({ to: '/runs/$runId', params: { runId } })}
      runs={runs.toReversed().map((run) => {
        const kind = stateKind(run.state_type, run.state_name);
        const took = run.duration === null ? '' : ` · ${duration(run.duration)}`;
        return {
          id: run.id,
          kind,
          seconds: run.duration,
          title: `${STATE_LABELS[kind]} · ${shortMoment(run.start_time ?? run.created, Date.now())} IST${took}`,
        };
      })}
    />
  );
}
