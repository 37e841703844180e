import type { LogLevel, RunLog } from '@champion/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../app/api.ts';
import { type LiveEvent, useLiveEvents, useReopened } from '../../app/live.ts';

/** Lines of one request, and lines that are held at most: a log beyond is read from a later line on, or by level. */
const PAGE = 1000;
export const MOST_LINES = 200_000;
/** Lines come in bursts: they are asked for together. */
const BURST_MS = 500;

export interface RunLogs {
  readonly lines: readonly RunLog[];
  /** Everything that there is by now has been read. */
  readonly complete: boolean;
  readonly full: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/** A run's log from its first line on, growing while it runs. */
export function useRunLogs(runId: string, level: LogLevel | undefined): RunLogs {
  const [state, setState] = useState<{ lines: readonly RunLog[]; complete: boolean; error: unknown }>({
    lines: [],
    complete: false,
    error: null,
  });
  const reader = useRef<{ more: () => void } | undefined>(undefined);

  useEffect(() => {
    const controller = new AbortController();
    let lines: RunLog[] = [];
    let reading = false;
    let again = false;
    setState({ lines, complete: false, error: null });
    const read = async () => {
      // What is asked for during a request is asked for after it.
      again = true;
      if (reading) return;
      reading = true;
      try {
        while (again && lines.length < MOST_LINES) {
          again = false;
          const after = lines.at(-1)?.id;
          const page = await api().listFlowRunLogs({
            params: { id: runId },
            query: {
              limit: PAGE,
              ...(after === undefined ? {} : { after }),
              ...(level === undefined ? {} : { level }),
            },
            signal: controller.signal,
          });
          lines = lines.concat(page);
          if (page.length === PAGE) again = true;
          setState({ lines, complete: !again, error: null });
        }
      } catch (error) {
        if (!controller.signal.aborted) setState({ lines, complete: false, error });
      } finally {
        reading = false;
      }
    };
    reader.current = { more: () => void read() };
    void read();
    return () => controller.abort();
  }, [runId, level]);

  const pending = useRef(false);
  const hear = useCallback(
    (event: LiveEvent) => {
      if (event.type === 'platform' || event.type === 'task_run') return;
      // The last lines may come with the end of the run.
      if (event.flow_run_id !== runId || pending.current) return;
      pending.current = true;
      setTimeout(() => {
        pending.current = false;
        reader.current?.more();
      }, BURST_MS);
    },
    [runId],
  );
  useLiveEvents(hear);
  useReopened(useCallback(() => reader.current?.more(), []));
  return { ...state, full: state.lines.length >= MOST_LINES, retry: () => reader.current?.more() };
}
