import type { HandlersOf } from '@champion/contract';
import { ChampionError } from '@champion/core';
import { logFilter } from '../filters/logs.ts';
import type { ApiParts } from '../parts.ts';
import { wireLog } from '../wire/log.ts';
import { readLines } from './log-lines.ts';
import { range } from './pages.ts';

export function logHandlers({ plane }: ApiParts): HandlersOf<'logs'> {
  return {
    createLogs: ({ body }) => {
      if (body.length === 0) return null;
      throw new ChampionError("The worker that executes a run writes its log: a client's lines are not taken", {
        code: 'INVALID_INPUT',
        hint: "Switch the client's log shipping off: PREFECT_LOGGING_TO_API_ENABLED=false.",
      });
    },
    filterLogs: async ({ body }) => {
      const order = body.sort === 'TIMESTAMP_DESC' ? 'desc' : 'asc';
      const lines = await readLines(plane.runs.logLines, logFilter(body.logs), { order, ...range(body) });
      return lines.map(wireLog);
    },
  };
}
