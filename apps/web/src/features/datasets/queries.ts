import type { BusinessDate } from '@champion/core';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api.ts';

/** Sessions of quality that a chart shows: a year. */
const QUALITY_ROWS = 1000;

export const datasetQueries = {
  list: () =>
    queryOptions({
      queryKey: ['datasets'],
      queryFn: ({ signal }) => api().listDatasets({ signal }),
      staleTime: 60_000,
      refetchInterval: 120_000,
    }),
  byName: (name: string) =>
    queryOptions({
      queryKey: ['datasets', name],
      queryFn: ({ signal }) => api().readDataset({ params: { name }, signal }),
      staleTime: 60_000,
    }),
  /** Everything that was ever tried; or a span of it, tried or not. */
  coverage: (name: string, span: { from?: BusinessDate | undefined; to?: BusinessDate | undefined } = {}) =>
    queryOptions({
      queryKey: ['datasets', name, 'coverage', span.from, span.to],
      queryFn: ({ signal }) => api().readCoverage({ params: { name }, query: span, signal }),
      staleTime: 30_000,
      placeholderData: keepPreviousData,
    }),
  quality: (name: string, slice: string | undefined) =>
    queryOptions({
      queryKey: ['datasets', name, 'quality', slice],
      queryFn: ({ signal }) =>
        api().readQuality({
          params: { name },
          query: { limit: QUALITY_ROWS, ...(slice === undefined ? {} : { slice }) },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),
  files: (name: string, date: BusinessDate) =>
    queryOptions({
      queryKey: ['datasets', name, 'files', date],
      queryFn: ({ signal }) => api().listFiles({ params: { name }, query: { date }, signal }),
      placeholderData: keepPreviousData,
    }),
  goldFiles: (date: BusinessDate) =>
    queryOptions({
      queryKey: ['datasets', 'gold', 'files', date],
      queryFn: ({ signal }) => api().listGoldFiles({ query: { date }, signal }),
      placeholderData: keepPreviousData,
    }),
  preview: (name: string, date: BusinessDate | undefined, limit: number) =>
    queryOptions({
      queryKey: ['datasets', name, 'preview', date, limit],
      queryFn: ({ signal }) =>
        api().previewDataset({ params: { name }, query: { limit, ...(date === undefined ? {} : { date }) }, signal }),
      placeholderData: keepPreviousData,
    }),
};
