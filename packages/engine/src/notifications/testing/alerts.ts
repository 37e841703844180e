import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Blocks } from '../../blocks/blocks.ts';
import { SecretKey } from '../../blocks/secret-key.ts';
import type { StateType } from '../../states.ts';
import { type GivenRun, givenRun, startRecords } from '../../testing/records.ts';
import { type NotificationSettings, Notifications } from '../notifications.ts';
import type { NewNotificationRule } from '../rule.ts';
import { startTarget } from './target.ts';

/** Alerts on a PostgreSQL and a receiver of the test's own, with a clock that the test sets. */
export async function startAlerts() {
  const records = await startRecords();
  const target = await startTarget();
  const time = { now: new Date('2026-11-02T10:00:00Z') };
  const problems: { message: string; fields: unknown }[] = [];
  const open: Notifications[] = [];
  const clock = { now: () => new Date(time.now) };
  const folder = await mkdtemp(join(tmpdir(), 'champion-alerts-'));
  const keyFile = join(folder, 'secret.key');
  const secretKey = new SecretKey({ file: keyFile });
  const blocks = new Blocks({ database: records.database, clock, secretKey, policy: { allowPrivate: false } });

  /** A server's part in it: several can be opened on the same records. */
  const server = (settings: NotificationSettings = {}) => {
    const notifications = new Notifications({
      ...settings,
      database: records.database,
      clock,
      blocks,
      internalLog: (_level, message, fields) => void problems.push({ message, fields }),
    });
    open.push(notifications);
    const duty = async (name: string): Promise<void> => {
      const found = notifications.duties().find((each) => each.name === name);
      if (found === undefined) throw new Error(`no duty ${name}`);
      await found.run(new Date(time.now));
    };
    return {
      notifications,
      duty,
      /** Everything that the duties do, once. */
      tick: async () => {
        await duty('alerts');
        await duty('alerts of runs that take long or are late');
        await duty('conditions of alerts');
        await duty('delivery of alerts');
        await notifications.settled();
      },
      rule: (rule: Partial<NewNotificationRule> = {}, path = '/hook') =>
        notifications.rules.create({
          name: `rule ${randomUUID().slice(0, 8)}`,
          triggers: [{ type: 'run_state', states: ['FAILED'] }],
          target: { type: 'webhook', url: target.url(path) },
          dedupeMinutes: 0,
          ...rule,
        }),
    };
  };

  return {
    ...records,
    target,
    time,
    problems,
    blocks,
    keyFile,
    server,
    pass: (ms: number) => {
      time.now = new Date(time.now.getTime() + ms);
    },
    /** A run that came into a state now. */
    happen: async (run: Partial<GivenRun> = {}, stateName?: string, message: string | null = null) => {
      const stateType: StateType = run.stateType ?? 'FAILED';
      const made = givenRun({ stateType, start: null, end: null, expected: time.now, ...run });
      const name = stateName ?? made.stateName;
      await records.insertRuns([{ ...made, stateName: name }]);
      await records.query(ADD_STATE, [made.id, stateType, name, message, time.now]);
      return made;
    },
    clear: async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
      for (const table of ['notification_deliveries', 'notification_rules', 'flow_runs', 'blocks']) {
        await records.query(`DELETE FROM champion.${table}`);
      }
      target.clear();
      problems.length = 0;
      time.now = new Date('2026-11-02T10:00:00Z');
    },
    stop: async () => {
      await Promise.all(open.map((each) => each.close()));
      await records.stop();
      await target.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const ADD_STATE = `
  INSERT INTO champion.states (flow_run_id, kind, run_id, type, name, message, at)
  VALUES ($1, 'flow', $1, $2, $3, $4, $5)`;
