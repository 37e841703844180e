import type { Client, TaskRun } from '@champion/contract';
import { plural } from '@champion/core';
import { count, duration } from '../../output/text.ts';
import { shortTime } from '../../output/time.ts';
import { markOf } from '../../progress/marks.ts';
import { isOver } from '../../progress/tracker.ts';
import { bar, tableLines } from '../layout.ts';
import type { Panel } from '../panel.ts';

const LATEST = 100;
const BAR = 24;
/** Columns from which on the names of runs are shown whole. */
const WIDE = 110;
const NARROW_NAME = 20;
const WIDE_NAME = 60;
const DAY_MS = 86_400_000;

export const tasksPanel: Panel = {
  tab: 'Tasks',
  title: 'Task execution: running and latest tasks',
  load: async ({ client }) => {
    const since = new Date(Date.now() - DAY_MS).toISOString();
    const [latest, running, counted] = await Promise.all([
      client.filterTaskRuns({ body: { limit: LATEST, sort: 'EXPECTED_START_TIME_DESC' } }),
      client.filterTaskRuns({ body: { limit: LATEST, task_runs: { state: { type: { any_: ['RUNNING'] } } } } }),
      client.countTaskRunsByState({ body: { task_runs: { start_time: { after_: since } } } }),
    ]);
    const ended = latest.filter((task) => isOver({ type: task.state_type ?? '', name: '' }));
    const tasks = [...running, ...ended];
    const runs = await runNames(client, tasks);
    return (screen) => {
      const { style } = screen;
      const now = Date.now();
      const longest = Math.max(0, ...tasks.map((task) => tookMs(task, now)));
      const rows = tasks.map((task) => {
        const state = { type: task.state_type ?? 'PENDING', name: task.state_name ?? 'Pending' };
        const ms = tookMs(task, now);
        return [
          markOf(state, style),
          task.name,
          middleCut(runs.get(task.flow_run_id ?? '') ?? '', screen.width < WIDE ? NARROW_NAME : WIDE_NAME),
          task.start_time === null ? '' : shortTime(new Date(task.start_time)),
          duration(ms),
          task.run_count > 1 ? style.yellow(String(task.run_count)) : String(task.run_count),
          style.dim(bar(ms, longest, BAR)),
          task.error?.message ?? '',
        ];
      });
      const tally = [
        `${plural(running.length, 'task')} running`,
        `${count(counted.completed)} completed and ${counted.failed > 0 ? style.red(`${count(counted.failed)} failed`) : '0 failed'} in the last 24 hours`,
      ].join(', ');
      if (tasks.length === 0) return [tally, '', 'No task has run yet: champion deployment run NAME starts one.'];
      return [
        tally,
        '',
        ...tableLines(
          [
            { header: '' },
            { header: 'task' },
            { header: 'run', flexible: true },
            { header: 'began' },
            { header: 'took', align: 'right' },
            { header: 'tries', align: 'right', spare: true },
            { header: 'long', spare: true },
            ...(rows.some((row) => row.at(-1) !== '') ? [{ header: 'error', spare: true, flexible: true }] : []),
          ],
          rows,
          screen,
        ),
      ];
    };
  },
};

async function runNames(client: Client, tasks: readonly TaskRun[]): Promise<Map<string, string>> {
  const ids = [...new Set(tasks.flatMap(({ flow_run_id }) => flow_run_id ?? []))];
  if (ids.length === 0) return new Map();
  const runs = await client.filterFlowRuns({ body: { flow_runs: { id: { any_: ids } }, limit: ids.length } });
  return new Map(runs.map(({ id, name }) => [id, name]));
}

function tookMs({ start_time, end_time }: TaskRun, now: number): number {
  if (start_time === null) return 0;
  return Math.max(0, (end_time === null ? now : Date.parse(end_time)) - Date.parse(start_time));
}

/** A run's name ends with its session, which says more than its middle. */
function middleCut(name: string, width: number): string {
  if (name.length <= width) return name;
  const end = 6;
  return `${name.slice(0, width - end - 1)}…${name.slice(-end)}`;
}
