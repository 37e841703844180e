import type { BusinessDate } from '@champion/core';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import { setServerTime } from '../../ui/now.ts';
import { type NamedQuery, rowsOf, type Values } from './ask.ts';

/** What the exchange's calendar says; the shell and Home show it on every page. */
export const marketQueries = {
  today: () =>
    queryOptions({
      queryKey: ['calendar', 'today'],
      queryFn: async ({ signal }) => {
        const today = await api().readToday({ signal });
        setServerTime(new Date(today.now));
        return today;
      },
      // It changes when the session opens or closes; the countdown between runs by itself.
      staleTime: 30_000,
      refetchInterval: 60_000,
    }),
  calendar: (from: BusinessDate, to: BusinessDate) =>
    queryOptions({
      queryKey: ['calendar', from, to],
      queryFn: ({ signal }) => api().readCalendar({ query: { from, to }, signal }),
      staleTime: 3_600_000,
    }),
};

/** A named query's rows; its values go beside the SQL, never into it. */
export function ask<Parameters extends Values, Row extends object>(
  query: NamedQuery<Parameters, Row>,
  parameters: Parameters,
) {
  return queryOptions({
    queryKey: ['market', query.name, parameters],
    queryFn: async ({ signal }) => {
      const body = { query: query.sql, parameters: { ...parameters }, max_rows: query.maxRows };
      return rowsOf(query, await api().runSql({ body, signal }));
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}
