import { z } from 'zod';
import { flow } from '../../flow.ts';
import { type Database, openDatabase } from '../../records/database.ts';
import { migrate } from '../../records/migrate.ts';
import { RunRecords } from '../../records/run-records.ts';
import { Scheduler } from '../../schedules/scheduler.ts';
import type { SessionCalendar } from '../../schedules/session-calendar.ts';
import { startTestPostgres, type TestPostgres } from '../../testing/stack.ts';
import { Deployments } from '../deployments.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const bars = flow(
  {
    name: 'bars-etl',
    parameters: z.strictObject({ trade_date: day.default('1999-12-31'), load: z.boolean().default(true) }),
    runName: ({ trade_date }) => `bars-${trade_date}`,
  },
  async () => null,
);
const other = flow({ name: 'other-etl', parameters: z.strictObject({ n: z.number().optional() }) }, async () => null);
export const flows = new Map([bars, other].map((each) => [each.name, each]));

export interface RunRow {
  id: string;
  name: string;
  state_type: string;
  state_name: string;
  state_message: string | null;
  expected_start_time: Date;
  parameters: Record<string, unknown>;
  idempotency_key: string | null;
  deployment_version: string | null;
}

/** The control plane on a PostgreSQL of the test's own, with a clock and a calendar that the test sets. */
export interface ControlPlane {
  readonly postgres: TestPostgres;
  readonly database: Database;
  readonly scheduler: Scheduler;
  readonly deployments: Deployments;
  /** What was said to whom listens, since this was last emptied. */
  readonly said: string[];
  readonly problems: string[];
  readonly holidays: Map<string, string>;
  now: Date;
  clock: { now(): Date };
  runs(): Promise<RunRow[]>;
  /** Empties it of deployments and runs. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

export async function startControlPlane(): Promise<ControlPlane> {
  const postgres = await startTestPostgres();
  const problems: string[] = [];
  const internalLog = (level: string, message: string) => void problems.push(`${level}: ${message}`);
  const database = await openDatabase(postgres.url, internalLog);
  await migrate(database.pool);
  const registered = [...flows.values()].map(({ name, description }) => ({ name, description, parameters: {} }));
  await new RunRecords(database, 'test').registerFlows(registered, new Date());
  const holidays = new Map<string, string>();
  const said: string[] = [];
  const notify = (kind: string) => void said.push(kind);
  const plane: { now: Date } = { now: new Date('2024-07-01T00:00:00Z') };
  const clock = { now: () => new Date(plane.now) };
  const calendar: SessionCalendar = {
    zone: 'Asia/Kolkata',
    on: (date) => (calendar.why(date) === '' ? { kind: 'regular', name: null } : undefined),
    why: (date) => {
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
      return holidays.get(date) ?? (weekday === 0 ? 'Sunday' : weekday === 6 ? 'Saturday' : '');
    },
  };
  const scheduler = new Scheduler({ database, flows, calendar, clock, internalLog, notify });
  const deployments = new Deployments({ database, flows, scheduler, clock, notify });
  return Object.assign(plane, {
    postgres,
    database,
    scheduler,
    deployments,
    said,
    problems,
    holidays,
    clock,
    runs: () => postgres.query<RunRow>('SELECT * FROM champion.flow_runs ORDER BY expected_start_time, name'),
    clear: async () => {
      await postgres.query('DELETE FROM champion.flow_runs');
      await postgres.query('DELETE FROM champion.deployments');
      await postgres.query(`DELETE FROM champion.work_queues WHERE name <> 'default'`);
      holidays.clear();
      said.length = 0;
      problems.length = 0;
    },
    stop: async () => {
      await database.close();
      await postgres.stop();
    },
  });
}

/** What a test wants to see of runs: "07-04 12:30 Scheduled bars-2024-07-04". */
export function lines(runs: readonly RunRow[]): string[] {
  return runs.map(
    ({ expected_start_time, state_name, name }) =>
      `${expected_start_time.toISOString().slice(5, 16).replace('T', ' ')} ${state_name} ${name}`,
  );
}
