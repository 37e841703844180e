import type {
  NotificationRule,
  NotificationRuleCreate,
  NotificationRuleUpdate,
  NotificationTest,
} from '@champion/contract';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import { queryClient } from '../../app/query-client.ts';
import { notify, notifyError } from '../../ui/toast.tsx';

// Blocks say which rules use them.
const refresh = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['notifications'] }),
    queryClient.invalidateQueries({ queryKey: ['blocks'] }),
  ]);

/** Makes a rule, or changes one. */
export function useSaveRule() {
  return useMutation({
    mutationFn: (
      given:
        | { readonly id: undefined; readonly body: NotificationRuleCreate }
        | { readonly id: string; readonly body: NotificationRuleUpdate },
    ): Promise<NotificationRule> =>
      given.id === undefined
        ? api().createNotificationRule({ body: given.body })
        : api().updateNotificationRule({ params: { id: given.id }, body: given.body }),
    onSuccess: async (rule) => {
      notify('Rule saved', rule.name);
      await refresh();
    },
    onError: (error) => notifyError('The rule could not be saved', error),
  });
}

export function useDeleteRule() {
  return useMutation({
    mutationFn: (rule: NotificationRule) => api().deleteNotificationRule({ params: { id: rule.id } }),
    onSuccess: async (_, rule) => {
      notify('Rule deleted', rule.name);
      await refresh();
    },
    onError: (error) => notifyError('The rule could not be deleted', error),
  });
}

/** What came of a test, in a sentence. */
export function outcomeOf({
  delivered,
  response_status,
  error,
  duration_ms,
}: Omit<NotificationTest, 'delivery_id'>): string {
  if (delivered) return `The target answered ${response_status ?? ''} after ${duration_ms} ms`;
  return error ?? (response_status === null ? 'There was no answer' : `The target answered ${response_status}`);
}

/** Sends a test to the rule's target, and says what came of it. */
export function useTestRule() {
  return useMutation({
    mutationFn: (rule: NotificationRule) => api().testNotificationRule({ params: { id: rule.id } }),
    onSuccess: async (test, rule) => {
      if (test.delivered) notify(`Test of ${rule.name} delivered`, outcomeOf(test));
      else notifyError(`The test of ${rule.name} was not delivered`, new Error(outcomeOf(test)));
      await refresh();
    },
    onError: (error) => notifyError('The test could not be sent', error),
  });
}

export function useRetryDelivery() {
  return useMutation({
    mutationFn: (id: string) => api().retryNotificationDelivery({ params: { id } }),
    onSuccess: async () => {
      notify('It is sent again');
      await refresh();
    },
    onError: (error) => notifyError('It could not be sent again', error),
  });
}
