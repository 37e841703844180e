import type { NotificationDelivery, NotificationRule, NotificationTrigger, QuietHours } from '@champion/contract';
import { percent } from '../../lib/numbers.ts';
import { duration } from '../../lib/time.ts';

/** A state as rules name it: a type in capitals, or the name of a finer one. */
export const RULE_STATES = [
  { value: 'FAILED', label: 'Failed' },
  { value: 'CRASHED', label: 'Crashed' },
  { value: 'CANCELLED', label: 'Cancelled' },
  { value: 'COMPLETED', label: 'Completed' },
  { value: 'RUNNING', label: 'Running' },
  { value: 'Late', label: 'Late' },
  { value: 'NoSession', label: 'No session' },
] as const;

function stateWord(state: string): string {
  return RULE_STATES.find(({ value }) => value === state)?.label ?? state;
}

/** What makes an alert, as a phrase: "a run ends Failed or Crashed". */
export function triggerWords(trigger: NotificationTrigger): string {
  switch (trigger.type) {
    case 'run_state':
      return `a run becomes ${trigger.states.map(stateWord).join(' or ')}`;
    case 'run_duration':
      return `a run takes longer than ${duration(trigger.above_seconds)}`;
    case 'run_late':
      return `a run is ${duration(trigger.after_seconds)} late`;
    case 'dataset_stale':
      return `${datasetWords(trigger.datasets)} misses its latest session`;
    case 'pass_rate':
      return `${datasetWords(trigger.datasets)} has less than ${percent(trigger.below)} valid rows`;
  }
}

function datasetWords(datasets: readonly string[]): string {
  return datasets.length === 0 ? 'any dataset' : datasets.join(' or ');
}

/** Which runs it is about: "flow nse-bhavcopy-etl, tagged daily"; "every run". */
export function filterWords({ flows, deployments, tags }: NotificationRule['filter']): string {
  const parts = [
    ...(flows.length === 0 ? [] : [`flow ${flows.join(', ')}`]),
    ...(deployments.length === 0 ? [] : [`deployment ${deployments.join(', ')}`]),
    ...(tags.length === 0 ? [] : [`tagged ${tags.join(' and ')}`]),
  ];
  return parts.length === 0 ? 'every run' : parts.join(' · ');
}

export const WEEKDAYS = [
  { value: 'mon', label: 'Mon' },
  { value: 'tue', label: 'Tue' },
  { value: 'wed', label: 'Wed' },
  { value: 'thu', label: 'Thu' },
  { value: 'fri', label: 'Fri' },
  { value: 'sat', label: 'Sat' },
  { value: 'sun', label: 'Sun' },
] as const;

/** "quiet 22:00–07:00 IST on Sat, Sun; held until then". */
export function quietWords({ zone, from, to, days, meanwhile }: QuietHours): string {
  const place = zone === 'Asia/Kolkata' ? 'IST' : zone;
  const some = days.length === WEEKDAYS.length ? '' : ` on ${dayWords(days)}`;
  return `quiet ${from}–${to} ${place}${some}, ${meanwhile === 'hold' ? 'held until then' : 'dropped meanwhile'}`;
}

function dayWords(days: QuietHours['days']): string {
  return WEEKDAYS.filter(({ value }) => days.includes(value))
    .map(({ label }) => label)
    .join(', ');
}

export const TARGET_WORDS: Readonly<Record<NotificationRule['target']['type'], string>> = {
  slack: 'Slack',
  webhook: 'Webhook',
};

export const STATUS_WORDS: Readonly<Record<NotificationDelivery['status'], string>> = {
  pending: 'To be sent',
  held: 'Held: quiet hours',
  delivered: 'Delivered',
  failed: 'Given up',
  dropped: 'Not sent',
  suppressed: 'One alike was sent',
};

export const STATUS_TONES = {
  pending: 'accent',
  held: 'neutral',
  delivered: 'good',
  failed: 'bad',
  dropped: 'neutral',
  suppressed: 'neutral',
} as const;
