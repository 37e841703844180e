import type { FlowRun, FlowRunQuery } from '@champion/contract';
import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { RUN_PAGE, runQueries } from './queries.ts';
import type { RunConditions } from './search.ts';

/** Pages that have a row between two places, both included. */
export function pagesOf(first: number, last: number, size: number): number[] {
  const from = Math.floor(Math.max(0, first) / size);
  const to = Math.floor(Math.max(first, last) / size);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** A scroll bar that is pulled passes a hundred pages: only where it rests is loaded. */
const REST_MS = 120;

/** The rows of a long list, of which only the pages that are looked at are loaded. */
export function useRunPages(conditions: RunConditions, sort: FlowRunQuery['sort']) {
  const [range, setRange] = useState<readonly [number, number]>([0, 0]);
  const [settled, setSettled] = useState(range);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(range), REST_MS);
    return () => clearTimeout(timer);
  }, [range]);
  const pages = pagesOf(settled[0], settled[1], RUN_PAGE);
  const results = useQueries({ queries: pages.map((page) => runQueries.page(conditions, sort, page)) });
  const row = (index: number): FlowRun | undefined => {
    const at = pages.indexOf(Math.floor(index / RUN_PAGE));
    return results[at]?.data?.[index % RUN_PAGE];
  };
  const onRange = useCallback((first: number, last: number) => setRange([first, last]), []);
  const failed = results.find(({ error }) => error !== null);
  return { row, onRange, error: failed?.error ?? null, refetch: () => void failed?.refetch() };
}
