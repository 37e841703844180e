import { ChampionError, type Clock } from '@champion/core';
import { holdBlock } from '../blocks/blocks.ts';
import { type Statements, transaction } from '../deployments/transaction.ts';
import { toJson } from '../json.ts';
import type { Database } from '../records/database.ts';
import type { AddressPolicy } from './address.ts';
import {
  masked,
  type NewNotificationRule,
  type NotificationRule,
  type NotificationRulePatch,
  parseRule,
  type RuleSpec,
  type StoredRule,
} from './rule.ts';
import * as sql from './statements.ts';

/** Each is held against every state of every run. */
const MOST_RULES = 100;

/** What the rule of SLACK_WEBHOOK_URL is made with; people may change all of it but the target. */
const ENVIRONMENT_RULE = {
  name: 'Slack',
  triggers: [
    { type: 'run_state', states: ['FAILED', 'CRASHED'] },
    { type: 'run_duration', aboveSeconds: 600 },
  ],
} satisfies Partial<NewNotificationRule>;

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  /** Names of the conditions that a rule can name. */
  readonly conditions: readonly string[];
  readonly policy: AddressPolicy;
}

/** The rules as people see and change them. Their secrets go in and do not come out. */
export class NotificationRules {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** By name. */
  async list(): Promise<NotificationRule[]> {
    return (await this.#options.database.run<StoredRule>(sql.LIST_RULES, [MOST_RULES])).map(masked);
  }

  async find(id: string): Promise<NotificationRule | undefined> {
    const rule = await storedRule(this.#options.database, id);
    return rule && masked(rule);
  }

  /** Makes a rule; what happened before is none of its business. @throws ChampionError INVALID_INPUT */
  async create(given: NewNotificationRule): Promise<NotificationRule> {
    const { database, clock } = this.#options;
    const rule = this.#parse(given);
    const id = await transaction(database, (tx) => insert(tx, rule, false, clock.now()));
    return this.#present(id);
  }

  /**
   * Changes a rule. A target is replaced as a whole; what waits is sent by the new rule, and dropped when it is disabled.
   * @throws ChampionError NOT_FOUND, INVALID_INPUT
   */
  async update(id: string, patch: NotificationRulePatch): Promise<NotificationRule> {
    const { database, clock } = this.#options;
    await transaction(database, async (tx) => {
      const [row] = await tx.run<StoredRule>(sql.LOCK_RULE, [id]);
      if (row === undefined) throw unknownRule(id);
      if (row.fromEnvironment && patch.target !== undefined)
        throw ofEnvironment('its target can only be changed there');
      const next = this.#parse({ ...specOf(row), ...given(patch) });
      const named = await tx.run(sql.NAME_TAKEN, [next.name, id]);
      if (named.length > 0) throw nameTaken(next.name);
      await update(tx, row, next, clock.now());
    });
    return this.#present(id);
  }

  /** Deletes a rule; the records of its deliveries stay. @throws ChampionError NOT_FOUND, INVALID_INPUT */
  async delete(id: string): Promise<void> {
    await transaction(this.#options.database, async (tx) => {
      const [row] = await tx.run<StoredRule>(sql.LOCK_RULE, [id]);
      if (row === undefined) throw unknownRule(id);
      if (row.fromEnvironment) throw ofEnvironment('it cannot be deleted while that is set, but disabled');
      await remove(tx, id);
    });
  }

  /**
   * Makes the rule of SLACK_WEBHOOK_URL, gives it another address, or removes it when there is none any more.
   * @throws ChampionError INVALID_INPUT for an address that can't be used
   */
  async setEnvironmentRule(url: string | undefined): Promise<void> {
    const { database, clock } = this.#options;
    const fresh = url === undefined ? undefined : this.#parse({ ...ENVIRONMENT_RULE, target: { type: 'slack', url } });
    const now = clock.now();
    await transaction(database, async (tx) => {
      // Servers that start together make it once.
      await tx.run(sql.LOCK_NOTICING, []);
      const [row] = await tx.run<StoredRule>(sql.LOCK_ENVIRONMENT_RULE, []);
      if (row === undefined) {
        if (fresh === undefined) return;
        const named = await tx.run(sql.NAME_TAKEN, [fresh.name, null]);
        const name = named.length === 0 ? fresh.name : `${fresh.name} of SLACK_WEBHOOK_URL`;
        await insert(tx, { ...fresh, name }, true, now);
      } else if (fresh === undefined) {
        await remove(tx, row.id);
      } else if (row.target.type !== 'slack' || row.target.url !== url) {
        await update(tx, row, { ...specOf(row), target: fresh.target }, now);
      }
    });
  }

  #parse(rule: unknown): RuleSpec {
    return parseRule(rule, this.#options);
  }

  async #present(id: string): Promise<NotificationRule> {
    const rule = await this.find(id);
    if (rule === undefined) throw unknownRule(id);
    return rule;
  }
}

/** A rule with its secrets, for whoever sends. */
export async function storedRule(database: Statements, id: string): Promise<StoredRule | undefined> {
  return (await database.run<StoredRule>(sql.FIND_RULE, [id]))[0];
}

export function unknownRule(id: string): ChampionError {
  return new ChampionError(`There is no notification rule ${id}`, {
    code: 'NOT_FOUND',
    hint: 'List them with: GET /api/notifications/rules',
    context: { rule: id },
  });
}

async function insert(tx: Statements, rule: RuleSpec, fromEnvironment: boolean, now: Date): Promise<string> {
  if (rule.target.type === 'block') await holdBlock(tx, rule.target.block);
  const [made] = await tx.run<{ id: string }>(sql.INSERT_RULE, [
    rule.name,
    rule.enabled,
    ...columns(rule),
    fromEnvironment,
    now,
    MOST_RULES,
  ]);
  if (made !== undefined) return made.id;
  if ((await tx.run(sql.NAME_TAKEN, [rule.name, null])).length > 0) throw nameTaken(rule.name);
  throw new ChampionError(`There are ${MOST_RULES} notification rules already`, {
    code: 'INVALID_INPUT',
    hint: 'Delete one, or give an existing rule more triggers or flows.',
  });
}

async function update(tx: Statements, before: StoredRule, next: RuleSpec, now: Date): Promise<void> {
  if (next.target.type === 'block') await holdBlock(tx, next.target.block);
  const isToggled = before.enabled !== next.enabled;
  const activeSince = isToggled && next.enabled ? now : before.activeSince;
  await tx.run(sql.UPDATE_RULE, [before.id, next.name, next.enabled, ...columns(next), activeSince, now]);
  if (isToggled) await tx.run(sql.DROP_WAITING, [before.id, 'the rule was disabled']);
}

async function remove(tx: Statements, id: string): Promise<void> {
  await tx.run(sql.DROP_WAITING, [id, 'the rule was deleted']);
  await tx.run(sql.DELETE_RULE, [id]);
}

function columns(rule: RuleSpec): unknown[] {
  return [
    toJson(rule.triggers),
    toJson(rule.filter),
    toJson(rule.target),
    rule.template,
    rule.quietHours === null ? null : toJson(rule.quietHours),
    rule.dedupeMinutes,
  ];
}

function specOf(row: StoredRule): RuleSpec {
  const { name, enabled, triggers, filter, target, template, quietHours, dedupeMinutes } = row;
  return { name, enabled, triggers, filter, target, template, quietHours, dedupeMinutes };
}

/** Without what is undefined: that says nothing. */
function given(patch: NotificationRulePatch): object {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function nameTaken(name: string): ChampionError {
  return new ChampionError(`There is a notification rule ${name} already`, {
    code: 'INVALID_INPUT',
    hint: 'Change that one, or choose another name.',
    context: { name },
  });
}

function ofEnvironment(what: string): ChampionError {
  return new ChampionError(`The rule comes from SLACK_WEBHOOK_URL: ${what}`, {
    code: 'INVALID_INPUT',
    hint: 'Change or unset SLACK_WEBHOOK_URL and restart the server, or disable the rule.',
  });
}
