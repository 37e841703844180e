import { type Facts, humanDuration } from './facts.ts';
import type { RunFilter, StoredRule, Trigger } from './rule.ts';

/** A run as rules look at it. */
export interface SeenRun {
  readonly flowRunId: string;
  readonly flow: string;
  readonly run: string;
  readonly isChild: boolean;
  readonly tags: readonly string[];
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  readonly expectedStartTime: Date;
  readonly deployment: string | null;
  readonly stateType: string;
  readonly stateName: string;
}

/** A state that a run came into. */
export interface SeenState extends SeenRun {
  readonly stateId: string;
  readonly message: string | null;
  readonly at: Date;
}

/** Something that a condition found. */
export interface Observation {
  /** What a rule selects by, and what alerts are told apart by: a dataset's name. */
  readonly subject: string;
  /** Tells this from what the condition found before: it is told once. For example a session. */
  readonly key: string;
  /** What it is called, where the key says more than people want to read. */
  readonly label?: string;
  /** What a rule's `below` is compared with. */
  readonly value?: number;
  readonly message: string;
  /** Address of a page about it. */
  readonly url?: string;
}

/** A rule that something happened for. */
export interface Match {
  readonly rule: StoredRule;
  /** The event: it makes one delivery per rule. */
  readonly eventKey: string;
  /** Alerts with the same are alike. */
  readonly dedupeKey: string;
  readonly facts: Facts;
}

/** What rules have to say about a state that a run came into. */
export function matchState(rules: readonly StoredRule[], seen: SeenState): Match[] {
  return rules.flatMap((rule) => {
    if (seen.at < rule.activeSince || !concerns(rule.filter, seen)) return [];
    return rule.triggers.flatMap((trigger): Match[] => {
      if (trigger.type === 'run_state' && isAmong(trigger.states, seen)) return [ofState(rule, seen)];
      if (trigger.type === 'run_duration' && seen.startTime !== null && seen.endTime !== null) {
        return matchDuration(rule, trigger, seen, seen.endTime);
      }
      if (trigger.type === 'run_late' && seen.stateType === 'RUNNING' && seen.startTime !== null) {
        return matchLate(rule, trigger, seen, seen.startTime);
      }
      return [];
    });
  });
}

/** What rules have to say about a run that goes on, or has not begun, now. */
export function matchPresent(rules: readonly StoredRule[], run: SeenRun, now: Date): Match[] {
  return rules.flatMap((rule) => {
    if (!concerns(rule.filter, run)) return [];
    return rule.triggers.flatMap((trigger): Match[] => {
      if (trigger.type === 'run_duration' && run.startTime !== null) return matchDuration(rule, trigger, run, now);
      if (trigger.type === 'run_late' && run.startTime === null) return matchLate(rule, trigger, run, now);
      return [];
    });
  });
}

/** What rules have to say about what a condition found. */
export function matchObservation(
  rules: readonly StoredRule[],
  condition: string,
  { subject, key, label, value, message, url }: Observation,
  now: Date,
): Match[] {
  return rules.flatMap((rule) =>
    rule.triggers.flatMap((trigger): Match[] => {
      if (trigger.type !== 'condition' || trigger.condition !== condition) return [];
      if (trigger.subjects.length > 0 && !trigger.subjects.includes(subject)) return [];
      if (trigger.below !== undefined && (value === undefined || value >= trigger.below)) return [];
      const facts: Facts = {
        kind: 'condition',
        flow: subject,
        run: label ?? key,
        flowRunId: null,
        state: condition,
        stateType: null,
        message,
        durationMs: null,
        deployment: null,
        tags: [],
        at: now.toISOString(),
        url: url ?? null,
      };
      return [{ rule, eventKey: `${condition}:${subject}:${key}`, dedupeKey: `${condition}:${subject}`, facts }];
    }),
  );
}

function concerns(filter: RunFilter, run: SeenRun): boolean {
  const { flows, deployments, tags, childRuns } = filter;
  if (run.isChild && !childRuns) return false;
  if (flows.length > 0 && !flows.includes(run.flow)) return false;
  if (deployments.length > 0 && (run.deployment === null || !deployments.includes(run.deployment))) return false;
  return tags.every((tag) => run.tags.includes(tag));
}

/** In capitals it is a type, else the name of a state. */
function isAmong(states: readonly string[], { stateType, stateName }: SeenRun): boolean {
  return states.some((state) => state === stateType || state.toLowerCase() === stateName.toLowerCase());
}

/** What a rule says of a state, whatever its triggers and filter. */
export function ofState(rule: StoredRule, seen: SeenState): Match {
  const durationMs =
    seen.startTime === null || seen.endTime === null ? null : seen.endTime.getTime() - seen.startTime.getTime();
  return {
    rule,
    eventKey: `state:${seen.stateId}`,
    dedupeKey: `state:${seen.flow}:${seen.stateName}`,
    facts: { ...factsOf(seen, seen.at), kind: 'run_state', message: seen.message ?? '', durationMs },
  };
}

function matchDuration(
  rule: StoredRule,
  { aboveSeconds }: Extract<Trigger, { type: 'run_duration' }>,
  run: SeenRun,
  until: Date,
): Match[] {
  const durationMs = until.getTime() - (run.startTime ?? until).getTime();
  if (durationMs <= aboveSeconds * 1_000) return [];
  const took = run.endTime === null ? 'has been running' : 'ran';
  const message = `It ${took} for ${humanDuration(durationMs)}, longer than ${humanDuration(aboveSeconds * 1_000)}.`;
  return [
    {
      rule,
      eventKey: `duration:${run.flowRunId}`,
      dedupeKey: `duration:${run.flow}`,
      facts: { ...factsOf(run, until), kind: 'run_duration', message, durationMs },
    },
  ];
}

function matchLate(
  rule: StoredRule,
  { afterSeconds }: Extract<Trigger, { type: 'run_late' }>,
  run: SeenRun,
  until: Date,
): Match[] {
  const lateMs = until.getTime() - run.expectedStartTime.getTime();
  if (lateMs < afterSeconds * 1_000) return [];
  const due = `${run.expectedStartTime.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const message =
    run.startTime === null
      ? `It should have begun at ${due}, ${humanDuration(lateMs)} ago.`
      : `It should have begun at ${due}, and did so ${humanDuration(lateMs)} later.`;
  return [
    {
      rule,
      eventKey: `late:${run.flowRunId}`,
      dedupeKey: `late:${run.flow}`,
      facts: { ...factsOf(run, until), kind: 'run_late', message, durationMs: null },
    },
  ];
}

function factsOf(run: SeenRun, at: Date): Omit<Facts, 'kind' | 'message' | 'durationMs'> {
  return {
    flow: run.flow,
    run: run.run,
    flowRunId: run.flowRunId,
    state: run.stateName,
    stateType: run.stateType,
    deployment: run.deployment,
    tags: run.tags,
    at: at.toISOString(),
    url: null,
  };
}
