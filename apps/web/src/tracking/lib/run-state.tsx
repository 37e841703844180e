import type { StateType } from '@champion/contract';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Run, RunStatus } from '../api/types.ts';

const TYPES: Readonly<Record<RunStatus, StateType>> = {
  RUNNING: 'RUNNING',
  SCHEDULED: 'SCHEDULED',
  FINISHED: 'COMPLETED',
  FAILED: 'FAILED',
  KILLED: 'CANCELLED',
};

/** A run's state. A flow's run has it in its tags, in more words than MLflow knows. */
export function RunState({ run }: { readonly run: Pick<Run, 'status'> & Partial<Pick<Run, 'tags'>> }) {
  const name = run.tags?.state;
  return <StateMark type={run.status === 'FAILED' && name === 'Crashed' ? 'CRASHED' : TYPES[run.status]} name={name} />;
}

/** How long a run took, in seconds; null while it is not at its end. */
export function secondsOf({ startTime, endTime }: Pick<Run, 'startTime' | 'endTime'>): number | null {
  return endTime === null ? null : Math.max(0, endTime - startTime) / 1000;
}
