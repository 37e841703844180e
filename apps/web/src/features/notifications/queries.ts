import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

export const notificationQueries = {
  rules: () =>
    queryOptions({
      queryKey: ['notifications', 'rules'],
      queryFn: ({ signal }) => api().listNotificationRules({ signal }),
    }),
  /** The latest first; of one rule, or of all. */
  deliveries: (rule: string | undefined) =>
    queryOptions({
      queryKey: ['notifications', 'deliveries', rule],
      queryFn: ({ signal }) =>
        api().listNotificationDeliveries({ query: { limit: 100, ...(rule === undefined ? {} : { rule }) }, signal }),
    }),
};
