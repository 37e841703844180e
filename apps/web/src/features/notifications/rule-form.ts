import type { NotificationRule, NotificationRuleCreate, NotificationTrigger, QuietHours } from '@champion/contract';

/** What stands in the fields of the dialogue of a rule. */
export interface RuleForm {
  readonly name: string;
  readonly trigger: NotificationTrigger['type'];
  readonly states: readonly string[];
  /** Seconds, of a duration or a lateness. */
  readonly seconds: string;
  /** Per cent, of valid rows. */
  readonly share: string;
  /** None: any. */
  readonly datasets: readonly string[];
  readonly flows: readonly string[];
  readonly tags: string;
  readonly target: 'block' | 'slack' | 'webhook';
  /** "slack-webhook/ops" */
  readonly block: string;
  /** Empty: the one that the rule has stays. */
  readonly url: string;
  readonly secret: string;
  /** Empty: Champion's own words. */
  readonly template: string;
  readonly quiet: boolean;
  readonly quietHours: QuietHours;
  readonly dedupeMinutes: string;
}

const NIGHT: QuietHours = {
  zone: 'Asia/Kolkata',
  from: '22:00',
  to: '07:00',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  meanwhile: 'hold',
};

export function formOf(rule: NotificationRule | undefined): RuleForm {
  const trigger = rule?.triggers[0];
  return {
    name: rule?.name ?? '',
    trigger: trigger?.type ?? 'run_state',
    states: trigger?.type === 'run_state' ? trigger.states : ['FAILED', 'CRASHED'],
    seconds:
      trigger?.type === 'run_duration'
        ? String(trigger.above_seconds)
        : trigger?.type === 'run_late'
          ? String(trigger.after_seconds)
          : '600',
    share: trigger?.type === 'pass_rate' ? String(trigger.below * 100) : '99',
    datasets: trigger !== undefined && 'datasets' in trigger ? trigger.datasets : [],
    flows: rule?.filter.flows ?? [],
    tags: rule?.filter.tags.join(', ') ?? '',
    target: rule === undefined ? 'slack' : rule.target.block === null ? rule.target.type : 'block',
    block: rule?.target.block ?? '',
    url: '',
    secret: '',
    template: rule?.template ?? '',
    quiet: rule !== undefined && rule.quiet_hours !== null,
    quietHours: rule?.quiet_hours ?? NIGHT,
    dedupeMinutes: String(rule?.dedupe_minutes ?? 0),
  };
}

/** Characters of a secret: shorter ones are refused. */
const LEAST_SECRET = 8;
const MOST_TEMPLATE = 4_000;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

export const PLACEHOLDERS = ['flow', 'run', 'state', 'message', 'duration', 'url', 'deployment', 'rule'] as const;

type WrongField =
  | 'name'
  | 'states'
  | 'seconds'
  | 'share'
  | 'block'
  | 'url'
  | 'secret'
  | 'template'
  | 'quietFrom'
  | 'quietTo'
  | 'quietDays'
  | 'dedupeMinutes';
export type Wrong = Partial<Record<WrongField, string>>;

/** What is wrong with a field; nothing is said of those that are right. */
export function wrongIn(form: RuleForm, rule: NotificationRule | undefined): Wrong {
  const seconds = Number(form.seconds);
  const share = Number(form.share);
  const timed = form.trigger === 'run_duration' || form.trigger === 'run_late';
  const least = form.trigger === 'run_late' ? 15 : 1;
  return {
    ...(form.name.trim() === '' ? { name: 'It needs a name' } : {}),
    ...(form.trigger === 'run_state' && form.states.length === 0 ? { states: 'It needs a state' } : {}),
    ...(timed && !(seconds >= least) ? { seconds: `At least ${least} seconds` } : {}),
    ...(form.trigger === 'pass_rate' && !(share >= 0 && share <= 100) ? { share: 'From 0 to 100' } : {}),
    ...(rule?.from_environment ? {} : wrongTarget(form, rule)),
    ...wrongTemplate(form.template),
    ...(form.quiet ? wrongQuietHours(form.quietHours) : {}),
    ...(/^\d{1,5}$/.test(form.dedupeMinutes) && Number(form.dedupeMinutes) <= 10_080
      ? {}
      : { dedupeMinutes: 'From 0 to 10080 minutes' }),
  };
}

/** Whether the rule has an address of the same kind, which stays when none is given. */
export function hasAddress(form: Pick<RuleForm, 'target'>, rule: NotificationRule | undefined): boolean {
  return rule !== undefined && rule.target.block === null && rule.target.type === form.target;
}

function wrongTarget(form: RuleForm, rule: NotificationRule | undefined): Wrong {
  if (form.target === 'block') return form.block === '' ? { block: 'It needs a block' } : {};
  const url = form.url.trim();
  return {
    ...(url === '' ? (hasAddress(form, rule) ? {} : { url: 'It needs an address' }) : urlError(url)),
    ...(form.target === 'webhook' && form.secret !== '' && form.secret.length < LEAST_SECRET
      ? { secret: `At least ${LEAST_SECRET} characters` }
      : {}),
    ...(url === '' && form.secret !== '' ? { url: 'With a new secret the address is needed again' } : {}),
  };
}

function urlError(url: string): Wrong {
  return /^https?:\/\/[^\s/]+/.test(url) ? {} : { url: 'An address begins with https://' };
}

function wrongTemplate(template: string): Wrong {
  if (template.length > MOST_TEMPLATE) return { template: `At most ${MOST_TEMPLATE} characters` };
  const unknown = [...template.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name.trim())
    .find((name) => !(PLACEHOLDERS as readonly string[]).includes(name));
  if (unknown !== undefined) return { template: `There is no {{${unknown}}}` };
  const loose = /\{\{|\}\}/.exec(template.replace(PLACEHOLDER, ''));
  return loose === null ? {} : { template: `${loose[0]} belongs to no placeholder` };
}

function wrongQuietHours({ from, to, days }: QuietHours): Wrong {
  const forEver = from === to && days.length === NIGHT.days.length;
  return {
    ...(CLOCK.test(from) ? {} : { quietFrom: 'A time such as 22:00' }),
    ...(CLOCK.test(to)
      ? forEver
        ? { quietTo: 'It would be quiet for ever' }
        : {}
      : { quietTo: 'A time such as 07:00' }),
    ...(days.length === 0 ? { quietDays: 'At least one day' } : {}),
  };
}

function triggerOf(form: RuleForm): NotificationTrigger {
  const datasets = [...form.datasets];
  switch (form.trigger) {
    case 'run_state':
      return { type: 'run_state', states: [...form.states] };
    case 'run_duration':
      return { type: 'run_duration', above_seconds: Number(form.seconds) };
    case 'run_late':
      return { type: 'run_late', after_seconds: Number(form.seconds) };
    case 'dataset_stale':
      return { type: 'dataset_stale', datasets };
    case 'pass_rate':
      return { type: 'pass_rate', below: Number(form.share) / 100, datasets };
  }
}

/** The rule that the fields describe. What they do not show of `rule` stays. Without `target`, that stays too. */
export function bodyOf(
  form: RuleForm,
  rule: NotificationRule | undefined,
): Omit<NotificationRuleCreate, 'target'> & { target?: NotificationRuleCreate['target'] } {
  const target = rule?.from_environment ? undefined : newTarget(form);
  return {
    name: form.name.trim(),
    triggers: [triggerOf(form), ...(rule?.triggers.slice(1) ?? [])],
    filter: {
      ...rule?.filter,
      flows: [...form.flows],
      tags: [...new Set(form.tags.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== ''),
    },
    template: form.template.trim() === '' ? null : form.template.trim(),
    quiet_hours: form.quiet ? form.quietHours : null,
    dedupe_minutes: Number(form.dedupeMinutes),
    ...(target === undefined ? {} : { target }),
  };
}

function newTarget(form: RuleForm): NotificationRuleCreate['target'] | undefined {
  if (form.target === 'block') return { type: 'block', block: form.block };
  const url = form.url.trim();
  if (url === '') return undefined;
  if (form.target === 'slack') return { type: 'slack', url };
  return { type: 'webhook', url, ...(form.secret === '' ? {} : { secret: form.secret }) };
}
