import type { BusinessDate } from '@champion/core';
import type { BackfillRecord, BackfillSelection } from './backfill-record.ts';
import { type Coverage, isThere, type SliceCoverage } from './coverage.ts';

/** Sessions to run, ascending: later ones are judged by earlier ones. */
export function selectSessions(
  covered: Coverage,
  only: BackfillSelection,
  unfinished: BackfillRecord | undefined,
): BusinessDate[] {
  const bySession = groupBySession(covered);
  const wanted: Record<BackfillSelection, (slices: readonly SliceCoverage[]) => boolean> = {
    missing: (slices) => !slices.every(isThere),
    failed: (slices) => slices.some((slice) => slice.updated_at !== null && !isThere(slice)),
    // An interrupted one goes on with what it had not come to.
    all: (slices) => !slices.every((slice) => isThere(slice) && unfinished !== undefined && isSince(slice, unfinished)),
  };
  return covered.sessions.filter((date) => wanted[only](bySession.get(date) ?? []));
}

function isSince({ updated_at }: SliceCoverage, { started_at }: BackfillRecord): boolean {
  return updated_at !== null && updated_at >= started_at;
}

export function groupBySession({ slices }: Coverage): ReadonlyMap<BusinessDate, readonly SliceCoverage[]> {
  const groups = new Map<BusinessDate, SliceCoverage[]>();
  for (const slice of slices) {
    const group = groups.get(slice.trade_date);
    if (group) group.push(slice);
    else groups.set(slice.trade_date, [slice]);
  }
  return groups;
}
