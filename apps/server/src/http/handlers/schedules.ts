import type { ScheduleCreate, Slot } from '@champion/contract';
import type { DeploymentRow, ScheduleRow } from '@champion/engine';
import type { ApiParts, Plane } from '../parts.ts';
import { patchOf, scheduleOf, wireSlot } from '../wire/schedule.ts';
import { findDeployment } from './find.ts';

/** Gives a deployment more schedules; one that replaces another takes its place. */
export async function addSchedules(
  plane: Plane,
  deployment: DeploymentRow,
  schedules: readonly ScheduleCreate[],
): Promise<ScheduleRow[]> {
  const made: ScheduleRow[] = [];
  for (const { replaces, ...schedule } of schedules) {
    const old = replaces == null ? undefined : deployment.schedules.find(({ slug }) => slug === replaces);
    made.push(
      old === undefined
        ? await plane.deployments.addSchedule(deployment.id, scheduleOf(schedule))
        : await plane.deployments.updateSchedule(deployment.id, old.id, patchOf(schedule)),
    );
  }
  return made;
}

/** Makes a deployment's schedules those that are given: one of the same slug, or the same in all but it, stays itself. */
export async function replaceSchedules(plane: Plane, id: string, schedules: readonly ScheduleCreate[]): Promise<void> {
  const deployment = await findDeployment(plane, id);
  const left = [...deployment.schedules];
  const added: ScheduleCreate[] = [];
  for (const { replaces, ...schedule } of schedules) {
    const slug = replaces ?? schedule.slug ?? null;
    const at = left.findIndex((row) =>
      slug === null ? row.slug === null && sameCron(row, schedule) : row.slug === slug,
    );
    const [old] = at < 0 ? [] : left.splice(at, 1);
    if (old === undefined) added.push(schedule);
    else await plane.deployments.updateSchedule(id, old.id, patchOf(schedule));
  }
  for (const old of left) await plane.deployments.deleteSchedule(id, old.id);
  for (const schedule of added) await plane.deployments.addSchedule(id, scheduleOf(schedule));
}

function sameCron(row: ScheduleRow, { schedule }: ScheduleCreate): boolean {
  return row.cron === schedule.cron && row.timezone === (schedule.timezone ?? 'UTC');
}

/** Most runs of a deployment that are looked through for those of its next slots. */
const RUNS_AHEAD = 1_000;

/** The next moments that a deployment's schedules name, with the runs that are there already. */
export async function upcoming({ plane, clock }: ApiParts, id: string, limit: number): Promise<Slot[]> {
  const deployment = await findDeployment(plane, id);
  const from = clock.now();
  const { rows } = await plane.runs.flowRuns.list(
    { deploymentIds: [id], expectedStart: { from } },
    { sort: 'expectedStartAsc', limit: RUNS_AHEAD },
  );
  const runs = new Map(rows.map((run) => [keyOf(run.scheduleId, run.expectedStartTime), run.id]));
  return deployment.schedules
    .flatMap((schedule) => plane.scheduler.upcoming(schedule, limit, from).map((slot) => ({ slot, schedule })))
    .sort((a, b) => a.slot.at.getTime() - b.slot.at.getTime())
    .slice(0, limit)
    .map(({ slot, schedule }) =>
      wireSlot(slot, {
        scheduleId: schedule.id,
        flowRunId: runs.get(keyOf(schedule.id, slot.at)) ?? null,
        restsBecause: deployment.paused
          ? 'the deployment is paused'
          : schedule.active
            ? null
            : 'the schedule is paused',
      }),
    );
}

function keyOf(scheduleId: string | null, at: Date): string {
  return `${scheduleId}@${at.toISOString()}`;
}
