import type {
  NotificationDelivery,
  NotificationRule,
  NotificationRuleCreate,
  NotificationTest,
  NotificationTrigger,
} from '@champion/contract';
import type {
  DeliveryRow,
  NewNotificationRule,
  NotificationRule as RuleRow,
  TestReport,
  Trigger,
} from '@champion/engine';
import { given } from '../filters/support.ts';
import { instant, instantOrNull } from './instant.ts';

/** What the engine knows as conditions, by name: see alerts.ts. */
export const CONDITIONS = { stale: 'dataset_stale', passRate: 'pass_rate' } as const;

export function wireRule(row: RuleRow, latest: DeliveryRow | undefined): NotificationRule {
  const { filter, quietHours } = row;
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.updatedAt),
    name: row.name,
    enabled: row.enabled,
    triggers: row.triggers.flatMap(wireTrigger),
    filter: {
      flows: [...filter.flows],
      deployments: [...filter.deployments],
      tags: [...filter.tags],
      child_runs: filter.childRuns,
    },
    target: row.target,
    template: row.template,
    quiet_hours: quietHours && { ...quietHours, days: [...quietHours.days] },
    dedupe_minutes: row.dedupeMinutes,
    from_environment: row.fromEnvironment,
    last_delivery:
      latest === undefined ? null : { id: latest.id, created: instant(latest.createdAt), status: latest.status },
  };
}

export function wireDelivery(row: DeliveryRow): NotificationDelivery {
  const { facts } = row;
  return {
    id: row.id,
    created: instant(row.createdAt),
    rule_id: row.ruleId,
    rule_name: row.ruleName,
    kind: facts.kind !== 'condition' ? facts.kind : facts.state === CONDITIONS.stale ? 'dataset_stale' : 'pass_rate',
    flow: facts.flow,
    run: facts.run,
    flow_run_id: row.flowRunId,
    state_name: facts.state,
    message: facts.message,
    at: facts.at,
    status: row.status,
    attempts: row.attempts,
    next_attempt: instantOrNull(row.nextAttemptAt),
    last_attempt: instantOrNull(row.lastAttemptAt),
    delivered: instantOrNull(row.deliveredAt),
    response_status: row.responseStatus,
    error: row.error,
    text: row.text,
    suppressed: row.suppressed,
  };
}

export function wireTest(report: TestReport): NotificationTest {
  return {
    delivery_id: report.deliveryId,
    delivered: report.delivered,
    response_status: report.status,
    error: report.error,
    duration_ms: report.durationMs,
    text: report.text,
  };
}

type Given<T extends { readonly triggers: readonly unknown[] }> = T['triggers'][number];

/** A trigger as the engine takes it. */
export function triggerOf(trigger: Given<NotificationRuleCreate>): Given<NewNotificationRule> {
  switch (trigger.type) {
    case 'run_state':
      return trigger;
    case 'run_duration':
      return { type: trigger.type, aboveSeconds: trigger.above_seconds };
    case 'run_late':
      return { type: trigger.type, ...given({ afterSeconds: trigger.after_seconds }) };
    case 'dataset_stale':
      return { type: 'condition', condition: CONDITIONS.stale, ...given({ subjects: trigger.datasets }) };
    case 'pass_rate':
      return {
        type: 'condition',
        condition: CONDITIONS.passRate,
        below: trigger.below,
        ...given({ subjects: trigger.datasets }),
      };
  }
}

/** A condition that this version does not know is left out: another version made it. */
function wireTrigger(trigger: Trigger): NotificationTrigger[] {
  switch (trigger.type) {
    case 'run_state':
      return [{ type: trigger.type, states: [...trigger.states] }];
    case 'run_duration':
      return [{ type: trigger.type, above_seconds: trigger.aboveSeconds }];
    case 'run_late':
      return [{ type: trigger.type, after_seconds: trigger.afterSeconds }];
    case 'condition': {
      const datasets = [...trigger.subjects];
      if (trigger.condition === CONDITIONS.stale) return [{ type: 'dataset_stale', datasets }];
      if (trigger.condition === CONDITIONS.passRate && trigger.below !== undefined) {
        return [{ type: 'pass_rate', below: trigger.below, datasets }];
      }
      return [];
    }
  }
}
