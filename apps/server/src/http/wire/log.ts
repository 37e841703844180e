import type { Log, RunLog } from '@champion/contract';
import { uuidV5 } from '@champion/core';
import type { LogLineRow } from '@champion/engine';
import { instant } from './instant.ts';

/** Lines have numbers; Prefect's clients want a UUID, and tell by it lines that they have seen. */
export function wireLog(row: LogLineRow): Log {
  const at = instant(row.at);
  return {
    id: uuidV5(`log\n${row.id}`, row.flowRunId),
    created: at,
    updated: at,
    name: row.taskRunId === null ? 'prefect.flow_runs' : 'prefect.task_runs',
    level: row.levelNumber,
    message: row.message,
    timestamp: at,
    flow_run_id: row.flowRunId,
    task_run_id: row.taskRunId,
  };
}

export function wireRunLog(row: Pick<LogLineRow, 'id' | 'at' | 'level' | 'message' | 'taskRunId' | 'fields'>): RunLog {
  return {
    id: row.id,
    at: instant(row.at),
    level: row.level,
    message: row.message,
    task_run_id: row.taskRunId,
    fields: row.fields === null ? null : { ...row.fields },
  };
}
