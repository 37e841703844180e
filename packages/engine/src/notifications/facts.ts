import type { Values } from './template.ts';

/** What an alert is about, as it is kept until it is sent. */
export interface Facts {
  readonly kind: 'run_state' | 'run_duration' | 'run_late' | 'condition' | 'test';
  /** The flow; of a condition its subject. */
  readonly flow: string;
  /** The run's name; of a condition what of its subject. */
  readonly run: string;
  readonly flowRunId: string | null;
  /** What people read: "Failed", "Late". */
  readonly state: string;
  readonly stateType: string | null;
  readonly message: string;
  readonly durationMs: number | null;
  /** "flow/deployment" */
  readonly deployment: string | null;
  readonly tags: readonly string[];
  /** When it happened, ISO 8601. */
  readonly at: string;
  /** A page about it; of a run it is made from its id. */
  readonly url: string | null;
}

/** A message is a stack of causes at times; an alert is to be read at a glance. */
const MESSAGE_CHARS = 1_500;

/** The facts as a template shows them. */
export function valuesOf(facts: Facts, rule: string): Values {
  const { message } = facts;
  return {
    flow: facts.flow,
    run: facts.run,
    state: facts.state,
    message: message.length > MESSAGE_CHARS ? `${message.slice(0, MESSAGE_CHARS)}…` : message,
    duration: facts.durationMs === null ? '' : humanDuration(facts.durationMs),
    url: facts.url ?? '',
    deployment: facts.deployment ?? '',
    rule,
  };
}

/** "480ms", "12s", "10m 3s", "2h 5m". */
export function humanDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  const seconds = Math.floor(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}
