import type { NotificationRule, NotificationRuleCreate, NotificationTrigger } from '@champion/contract';

/** What stands in the fields of the dialogue of a rule. */
export interface RuleForm {
  readonly name: string;
  readonly trigger: NotificationTrigger['type'];
  readonly states: readonly string[];
  /** Seconds, of a duration or a lateness. */
  readonly seconds: string;
  /** Per cent, of valid rows. */
  readonly share: string;
  readonly flows: readonly string[];
  readonly tags: string;
  readonly target: 'slack' | 'webhook';
  /** Empty: the one that the rule has stays. */
  readonly url: string;
  readonly secret: string;
  readonly dedupeMinutes: string;
}

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
    flows: rule?.filter.flows ?? [],
    tags: rule?.filter.tags.join(', ') ?? '',
    target: rule?.target.type ?? 'slack',
    url: '',
    secret: '',
    dedupeMinutes: String(rule?.dedupe_minutes ?? 0),
  };
}

/** Characters of a secret: shorter ones are refused. */
const LEAST_SECRET = 8;

type Wrong = Partial<Record<'name' | 'states' | 'seconds' | 'share' | 'url' | 'secret' | 'dedupeMinutes', string>>;

/** What is wrong with a field; nothing is said of those that are right. `isNew`: there is no target to keep. */
export function wrongIn(form: RuleForm, isNew: boolean): Wrong {
  const seconds = Number(form.seconds);
  const share = Number(form.share);
  const timed = form.trigger === 'run_duration' || form.trigger === 'run_late';
  const least = form.trigger === 'run_late' ? 15 : 1;
  return {
    ...(form.name.trim() === '' ? { name: 'It needs a name' } : {}),
    ...(form.trigger === 'run_state' && form.states.length === 0 ? { states: 'It needs a state' } : {}),
    ...(timed && !(seconds >= least) ? { seconds: `At least ${least} seconds` } : {}),
    ...(form.trigger === 'pass_rate' && !(share >= 0 && share <= 100) ? { share: 'From 0 to 100' } : {}),
    ...(form.url.trim() === '' ? (isNew ? { url: 'It needs an address' } : {}) : urlError(form.url.trim())),
    ...(form.target === 'webhook' && form.secret !== '' && form.secret.length < LEAST_SECRET
      ? { secret: `At least ${LEAST_SECRET} characters` }
      : {}),
    ...(/^\d{1,5}$/.test(form.dedupeMinutes) && Number(form.dedupeMinutes) <= 10_080
      ? {}
      : { dedupeMinutes: 'From 0 to 10080 minutes' }),
  };
}

function urlError(url: string): { url?: string } {
  return /^https?:\/\/[^\s/]+/.test(url) ? {} : { url: 'An address begins with https://' };
}

function triggerOf(form: RuleForm, datasets: string[]): NotificationTrigger {
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
  const [first, ...rest] = rule?.triggers ?? [];
  const datasets = first !== undefined && 'datasets' in first ? first.datasets : [];
  const url = form.url.trim();
  return {
    name: form.name.trim(),
    triggers: [triggerOf(form, datasets), ...rest],
    filter: {
      ...rule?.filter,
      flows: [...form.flows],
      tags: [...new Set(form.tags.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== ''),
    },
    dedupe_minutes: Number(form.dedupeMinutes),
    ...(url === ''
      ? {}
      : {
          target:
            form.target === 'slack'
              ? { type: 'slack', url }
              : { type: 'webhook', url, ...(form.secret === '' ? {} : { secret: form.secret }) },
        }),
  };
}
