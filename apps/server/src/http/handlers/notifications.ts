import type { HandlersOf, NotificationRuleUpdate } from '@champion/contract';
import type { NotificationRulePatch, NotificationRule as RuleRow, Target } from '@champion/engine';
import { given } from '../filters/support.ts';
import type { Plane } from '../parts.ts';
import { triggerOf, wireDelivery, wireRule, wireTest } from '../wire/notification.ts';
import { missing } from './find.ts';

export function notificationHandlers({
  plane: { notifications },
}: {
  readonly plane: Pick<Plane, 'notifications'>;
}): HandlersOf<'notifications'> {
  const { rules } = notifications;
  const shown = async (row: RuleRow) => wireRule(row, (await notifications.latest([row.id])).get(row.id));
  return {
    listNotificationRules: async () => {
      const rows = await rules.list();
      const latest = await notifications.latest(rows.map(({ id }) => id));
      return rows.map((row) => wireRule(row, latest.get(row.id)));
    },
    createNotificationRule: async ({ body }) => {
      const { name, triggers, target } = body;
      return shown(
        await rules.create({ ...patchOf(body), name, triggers: triggers.map(triggerOf), target: targetOf(target) }),
      );
    },
    readNotificationRule: async ({ params }) =>
      shown((await rules.find(params.id)) ?? missing('notification rule', params.id, 'GET /api/notifications/rules')),
    updateNotificationRule: async ({ params, body }) => shown(await rules.update(params.id, patchOf(body))),
    deleteNotificationRule: ({ params }) => rules.delete(params.id),
    testNotificationRule: async ({ params }) => wireTest(await notifications.test(params.id)),
    listNotificationDeliveries: async ({ query: { rule, status, limit } }) =>
      (
        await notifications.deliveries(
          given({ ruleId: rule, statuses: status === undefined ? undefined : [status], limit }),
        )
      ).map(wireDelivery),
    retryNotificationDelivery: async ({ params }) => wireDelivery(await notifications.retry(params.id)),
  };
}

/** Null is a value for a template and for quiet hours: none. */
function patchOf(body: NotificationRuleUpdate): NotificationRulePatch {
  const { name, enabled, triggers, filter, target, template, quiet_hours, dedupe_minutes } = body;
  return given({
    name,
    enabled,
    triggers: triggers?.map(triggerOf),
    filter:
      filter &&
      given({ flows: filter.flows, deployments: filter.deployments, tags: filter.tags, childRuns: filter.child_runs }),
    target: target && targetOf(target),
    template,
    quietHours: quiet_hours && {
      ...quiet_hours,
      ...given({ days: quiet_hours.days, meanwhile: quiet_hours.meanwhile }),
    },
    dedupeMinutes: dedupe_minutes,
  });
}

function targetOf(target: NonNullable<NotificationRuleUpdate['target']>): Target {
  if (target.type === 'block') return target;
  if (target.type === 'slack') return { type: 'slack', url: target.url };
  return { type: 'webhook', url: target.url, ...(target.secret == null ? {} : { secret: target.secret }) };
}
