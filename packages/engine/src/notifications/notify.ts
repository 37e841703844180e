import type { FlowHook } from '../flow.ts';

/**
 * Hooks for a flow's `onCompletion` and `onFailure` that tell people of the run's end, also where no rule would: of a child
 * run, or of a run that completed. What they have to say goes the way of all alerts, so a target that is away costs the run
 * nothing, and where a rule tells of the same end there is one message.
 */
export const notify = {
  /** Tells the Slack of SLACK_WEBHOOK_URL. */
  slack: (): FlowHook => hookFor(undefined, 'SLACK_WEBHOOK_URL is not set at the server, or its rule is disabled'),
  /** Tells the target of a notification rule, in that rule's words. */
  rule: (name: string): FlowHook => hookFor(name, `there is no notification rule "${name}", or it is disabled`),
} as const;

function hookFor(rule: string | undefined, otherwise: string): FlowHook {
  return async ({ alert, log }) => {
    if (!(await alert(rule))) log.warn(`Nobody was told of this end: ${otherwise}`);
  };
}
