import { ChampionError, closest } from '@champion/core';
import { z } from 'zod';
import { parseReference, TARGET_TYPES } from '../blocks/types.ts';
import { explain, NameSchema } from '../schedules/schedule.ts';
import type { StateType } from '../states.ts';
import { type AddressPolicy, checkAddress } from './address.ts';
import { QuietHoursSchema } from './quiet-hours.ts';
import { checkTemplate } from './template.ts';

/** A rule counts a run late no earlier than the scheduler does. */
const LATE_AT_LEAST_S = 15;
const MONTH_S = 30 * 86_400;
const WEEK_MINUTES = 7 * 1_440;

const STATE_TYPES = [
  ...['SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'PAUSED', 'CANCELLING'],
] as const satisfies readonly string[] as readonly StateType[];

const names = z.array(z.string().min(1).max(300)).max(100).default([]);

const TriggerSchema = z.discriminatedUnion('type', [
  /** A run comes into a state: a type ("FAILED") or the name of a finer one ("NoSession", "AwaitingRetry"). */
  z.strictObject({ type: z.literal('run_state'), states: z.array(z.string().min(1).max(100)).min(1).max(20) }),
  /** A run takes longer; told while it still runs. */
  z.strictObject({ type: z.literal('run_duration'), aboveSeconds: z.number().positive().max(MONTH_S) }),
  /** A run has not begun so long after it should have. */
  z.strictObject({
    type: z.literal('run_late'),
    afterSeconds: z.number().min(LATE_AT_LEAST_S).max(MONTH_S).default(60),
  }),
  /** Something that the engine does not know of: who composes it says what, see Condition. */
  z.strictObject({
    type: z.literal('condition'),
    condition: z.string().min(1).max(100),
    /** Of these only; none: all. */
    subjects: names,
    /** For a condition with a number: only when it is below. */
    below: z.number().optional(),
  }),
]);
export type Trigger = z.output<typeof TriggerSchema>;

const FilterSchema = z.strictObject({
  flows: names,
  /** "flow/deployment" */
  deployments: names,
  /** A run must have all of them. */
  tags: names,
  /** Also runs that other runs started. By default only where the rule names flows: else one failure is told twice. */
  childRuns: z.boolean().optional(),
});

const url = z.string().trim().max(2_000);
const TargetSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('slack'), url }),
  /** `secret` signs each request. */
  z.strictObject({ type: z.literal('webhook'), url, secret: z.string().min(8).max(500).optional() }),
  /** "slack-webhook/ops": whatever address the block has when an alert is sent. */
  z.strictObject({ type: z.literal('block'), block: z.string().max(200) }),
]);
/** Where alerts go. A secret: its address lets anyone write there. */
export type Target = z.output<typeof TargetSchema>;
/** A target with its address, as it is sent to. */
export type Address = Exclude<Target, { readonly type: 'block' }>;

const RuleSchema = z.strictObject({
  name: NameSchema,
  enabled: z.boolean().default(true),
  /** Any of them makes an alert. */
  triggers: z.array(TriggerSchema).min(1).max(10),
  filter: FilterSchema.prefault({}),
  target: TargetSchema,
  /** Null: Champion's own words. */
  template: z.string().trim().min(1).max(4_000).nullable().default(null),
  quietHours: QuietHoursSchema.nullable().default(null),
  /** Of alerts alike, one in so many minutes is sent; 0: all. */
  dedupeMinutes: z.number().int().min(0).max(WEEK_MINUTES).default(10),
});
/** A rule as it is given. */
export type NewNotificationRule = z.input<typeof RuleSchema>;
/** What can be changed of a rule. What is not given stays. */
export type NotificationRulePatch = Partial<NewNotificationRule>;
/** A rule with everything filled in. */
export type RuleSpec = Omit<z.output<typeof RuleSchema>, 'filter'> & { readonly filter: RunFilter };

/** Which runs a rule is about; empty lists are all. */
export interface RunFilter {
  readonly flows: readonly string[];
  readonly deployments: readonly string[];
  readonly tags: readonly string[];
  readonly childRuns: boolean;
}

/** A rule as it is kept, with its secrets. It does not leave this folder. */
export interface StoredRule extends RuleSpec {
  readonly id: string;
  readonly fromEnvironment: boolean;
  readonly activeSince: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A target without its secrets. */
export interface MaskedTarget {
  readonly type: Address['type'];
  /** Only where, with "…" for the rest; null: as the block says. */
  readonly url: string | null;
  /** False for a block: whether it signs is the block's to say. */
  readonly signed: boolean;
  /** "slack-webhook/ops"; null: the rule has an address of its own. */
  readonly block: string | null;
}

/** A rule as people see it. */
export interface NotificationRule extends Omit<StoredRule, 'target'> {
  readonly target: MaskedTarget;
}

/**
 * Checks a rule as a person or a program gave it, and fills in what was left out.
 * @throws ChampionError INVALID_INPUT; it never repeats the target
 */
export function parseRule(
  given: unknown,
  known: { readonly conditions: readonly string[]; readonly policy: AddressPolicy },
): RuleSpec {
  const checked = RuleSchema.safeParse(given);
  if (!checked.success) throw unusable(explain(checked.error));
  const { filter, ...rule } = checked.data;
  for (const trigger of rule.triggers) checkTrigger(trigger, known.conditions);
  if (rule.template !== null) checkTemplate(rule.template);
  checkTarget(rule.target, known.policy);
  return { ...rule, filter: { ...filter, childRuns: filter.childRuns ?? filter.flows.length > 0 } };
}

function maskUrl(address: string): string {
  return `${new URL(address).origin}/…`;
}

/** Where a target leads, without its secrets. */
export function whither(target: Target): string {
  return target.type === 'block' ? `the block ${target.block}` : maskUrl(target.url);
}

export function masked({ target, ...rule }: StoredRule): NotificationRule {
  return { ...rule, target: maskedTarget(target) };
}

function maskedTarget(target: Target): MaskedTarget {
  if (target.type === 'block') {
    const type = parseReference(target.block).type === 'slack-webhook' ? 'slack' : 'webhook';
    return { type, url: null, signed: false, block: target.block };
  }
  const signed = target.type === 'webhook' && target.secret !== undefined;
  return { type: target.type, url: maskUrl(target.url), signed, block: null };
}

function checkTrigger(trigger: Trigger, conditions: readonly string[]): void {
  if (trigger.type === 'run_state') {
    for (const state of trigger.states) {
      // In capitals it is a type, and there are no others; finer states are the flows' own to name.
      if (state !== state.toUpperCase() || (STATE_TYPES as readonly string[]).includes(state)) continue;
      throw unusable(`${state} is no state type`, known('State types', state, STATE_TYPES));
    }
  } else if (trigger.type === 'condition' && !conditions.includes(trigger.condition)) {
    throw unusable(
      `the condition ${trigger.condition} is not known here`,
      known('Conditions', trigger.condition, conditions),
    );
  }
}

function known(what: string, given: string, all: readonly string[]): string {
  const meant = closest(given, all);
  return `${meant === undefined ? '' : `Did you mean ${meant}? `}${what} are ${all.join(', ') || 'none'}.`;
}

function checkTarget(target: Target, policy: AddressPolicy): void {
  if (target.type !== 'block') {
    checkAddress(target.url, policy, (why, hint) => unusable(`its target: ${why}`, hint));
    return;
  }
  const { type } = parseReference(target.block);
  if ((TARGET_TYPES as readonly string[]).includes(type)) return;
  throw unusable(
    `nothing can be sent to a block of the type ${type}`,
    `Types of targets are ${TARGET_TYPES.join(', ')}.`,
  );
}

function unusable(why: string, hint?: string): ChampionError {
  return new ChampionError(`The rule can't be used: ${why}`, {
    code: 'INVALID_INPUT',
    hint: hint ?? 'Rules are explained in docs/how-to/alerts.md.',
  });
}
