import { z } from 'zod';
import { Count, Id, Instant, ours, Stored, Tags } from './common.ts';

const Datasets = z.array(z.string()).max(100);

/** What makes an alert. */
export const NotificationTrigger = triggerOf(z.number().min(15), Datasets).meta({ id: 'NotificationTrigger' });

/** The same as it is asked for: a run counts as late after 60 s unless told, and a trigger without datasets is about any. */
const NotificationTriggerGiven = triggerOf(z.number().min(15).optional(), Datasets.optional()).meta({
  id: 'NotificationTriggerGiven',
});

/** Which runs a rule is about; what is empty or left out is all. */
const filterFields = {
  flows: z.array(z.string()).max(100),
  /** "flow/deployment" */
  deployments: z.array(z.string()).max(100),
  /** A run must have all of them. */
  tags: Tags.max(100),
  /** Also runs that other runs started. By default only when flows are named. */
  child_runs: z.boolean(),
};
const NotificationFilter = z.object(filterFields).meta({ id: 'NotificationFilter' });

const Weekdays = z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']));

/** Times on the wall clock of a zone; `to` at or before `from` is on the next day. */
export const QuietHours = z
  .object({
    zone: z.string(),
    from: z.string(),
    to: z.string(),
    /** The days on which they begin. */
    days: Weekdays,
    /** hold: what comes then is delivered afterwards; drop: never. */
    meanwhile: z.enum(['hold', 'drop']),
  })
  .meta({ id: 'QuietHours' });

/** The same as they are asked for: on every day, and held, unless told. */
const QuietHoursGiven = QuietHours.partial({ days: true, meanwhile: true }).meta({ id: 'QuietHoursGiven' });

/** Where alerts go, with what must not be read again: it is taken and never given. */
const NotificationTargetGiven = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('slack'), url: z.string().min(1) }),
    z.object({ type: z.literal('webhook'), url: z.string().min(1), secret: z.string().nullish() }),
    /** "slack-webhook/ops": wherever the block leads when an alert is sent. */
    z.object({ type: z.literal('block'), block: z.string().min(1) }),
  ])
  .meta({ id: 'NotificationTargetGiven' });

const DeliveryStatus = z.enum(['pending', 'held', 'delivered', 'failed', 'dropped', 'suppressed']);

/** An alert and what became of it. */
export const NotificationDelivery = z
  .object({
    id: Id,
    created: Instant,
    /** Null once the rule is deleted. */
    rule_id: Id.nullable(),
    rule_name: z.string(),
    kind: z.enum(['run_state', 'run_duration', 'run_late', 'dataset_stale', 'pass_rate', 'test']),
    /** The flow, or the dataset. */
    flow: z.string(),
    /** The run's name, or the session. */
    run: z.string(),
    flow_run_id: Id.nullable(),
    state_name: z.string(),
    message: z.string(),
    /** When it happened. */
    at: Instant,
    /**
     * pending: to be sent, or sent again; held: until the quiet hours are over; failed: given up; dropped: not sent, see
     * `error`; suppressed: one alike was made shortly before.
     */
    status: DeliveryStatus,
    attempts: Count,
    next_attempt: Instant.nullable(),
    last_attempt: Instant.nullable(),
    delivered: Instant.nullable(),
    /** HTTP, of the last attempt; null when there was no answer. */
    response_status: z.int().nullable(),
    error: z.string().nullable(),
    /** What was sent, as people read it; null before the first attempt. */
    text: z.string().nullable(),
    /** How many alike came soon after and were not sent. */
    suppressed: Count,
  })
  .meta({ id: 'NotificationDelivery' });

export const NotificationRule = z
  .object({
    ...Stored,
    name: z.string(),
    enabled: z.boolean(),
    /** Any of them makes an alert. */
    triggers: z.array(NotificationTrigger),
    filter: NotificationFilter,
    target: z.object({
      type: z.enum(['slack', 'webhook']),
      /** Only where, with "…" for the rest; null: wherever the block leads. */
      url: z.string().nullable(),
      /** Its requests are signed with a secret of the rule's own. */
      signed: z.boolean(),
      /** "slack-webhook/ops"; null: the rule has an address of its own. */
      block: z.string().nullable(),
    }),
    /** Null: Champion's own words. */
    template: z.string().nullable(),
    quiet_hours: QuietHours.nullable(),
    /** Of alerts alike, one in so many minutes is sent; 0: all. */
    dedupe_minutes: Count,
    /** Made by SLACK_WEBHOOK_URL: its target can only be changed there. */
    from_environment: z.boolean(),
    /** The last that was made, whatever became of it. */
    last_delivery: ours(NotificationDelivery.pick({ id: true, created: true, status: true }).nullable()),
  })
  .meta({ id: 'NotificationRule' });

const optionalFields = {
  enabled: z.boolean().optional(),
  filter: z.object(filterFields).partial().optional(),
  /** With placeholders: {{flow}}, {{run}}, {{state}}, {{message}}, {{duration}}, {{url}}, {{deployment}}, {{rule}}. */
  template: z.string().max(4_000).nullish(),
  quiet_hours: QuietHoursGiven.nullish(),
  dedupe_minutes: z.int().min(0).max(10_080).optional(),
};
const triggers = z.array(NotificationTriggerGiven).min(1).max(10);

export const NotificationRuleCreate = z
  .object({ name: z.string().min(1), triggers, target: NotificationTargetGiven, ...optionalFields })
  .meta({ id: 'NotificationRuleCreate' });

/** What is left out stays as it is; filter, target and quiet hours are replaced as a whole. */
export const NotificationRuleUpdate = z
  .object({
    name: z.string().min(1).optional(),
    triggers: triggers.optional(),
    target: NotificationTargetGiven.optional(),
    ...optionalFields,
  })
  .meta({ id: 'NotificationRuleUpdate' });

/** What came of a test. */
export const NotificationTest = z
  .object({
    delivery_id: Id,
    delivered: z.boolean(),
    /** HTTP; null when there was no answer. */
    response_status: z.int().nullable(),
    error: z.string().nullable(),
    duration_ms: Count,
    /** What was sent, as people read it. */
    text: z.string(),
  })
  .meta({ id: 'NotificationTest' });

export const NotificationDeliveryQuery = z.object({
  /** Of this rule only. */
  rule: Id.optional(),
  status: DeliveryStatus.optional(),
  limit: z.int().min(1).max(200).default(50),
});

function triggerOf<After extends z.ZodType, Names extends z.ZodType>(after: After, datasets: Names) {
  return z.discriminatedUnion('type', [
    /** A run comes into a state: a type in capitals ("FAILED"), or the name of a finer one ("NoSession"). */
    z.object({ type: z.literal('run_state'), states: z.array(z.string().min(1).max(100)).min(1).max(20) }),
    /** A run takes longer; told while it still runs. */
    z.object({ type: z.literal('run_duration'), above_seconds: z.number().positive() }),
    /** A run has not begun so long after it should have. */
    z.object({ type: z.literal('run_late'), after_seconds: after }),
    /** The latest session of a dataset that should be there is not. No datasets: any. */
    z.object({ type: z.literal('dataset_stale'), datasets }),
    /** What was loaded has a share of valid rows, 0 to 1, below this. No datasets: any. */
    z.object({ type: z.literal('pass_rate'), below: z.number().min(0).max(1), datasets }),
  ]);
}
