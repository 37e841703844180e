import { ENDED, STARTED } from './flow-run-filter.ts';

export type FlowRunSort =
  | 'idDesc'
  | 'startTimeAsc'
  | 'startTimeDesc'
  | 'expectedStartAsc'
  | 'expectedStartDesc'
  | 'nameAsc'
  | 'nameDesc'
  | 'nextScheduledAsc'
  | 'endTimeDesc';

interface SortDefinition {
  /** An indexed expression over `champion.flow_runs r`, never null. */
  readonly key: string;
  readonly type: string;
  readonly descending: boolean;
  /** Runs that have no place in this order. */
  readonly only?: string;
}

const EXPECTED = { key: 'r.expected_start_time', type: 'timestamptz' };
/** A run that has not started counts by when it is expected to. */
const START = { key: STARTED, type: 'timestamptz' };
/** Bytewise: the same order on every server, and quick. */
const NAME = { key: 'r.name COLLATE "C"', type: 'text' };

export const SORTS: Readonly<Record<FlowRunSort, SortDefinition>> = {
  idDesc: { key: 'r.id', type: 'uuid', descending: true },
  startTimeAsc: { ...START, descending: false },
  startTimeDesc: { ...START, descending: true },
  expectedStartAsc: { ...EXPECTED, descending: false },
  expectedStartDesc: { ...EXPECTED, descending: true },
  nameAsc: { ...NAME, descending: false },
  nameDesc: { ...NAME, descending: true },
  nextScheduledAsc: { ...EXPECTED, descending: false, only: `r.state_type = 'SCHEDULED'` },
  // A run that has not ended will end after all that have.
  endTimeDesc: { key: ENDED, type: 'timestamptz', descending: true },
};
