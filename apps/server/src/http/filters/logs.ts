import type { LogFilter } from '@champion/contract';
import type { LogFilter as EngineFilter } from '@champion/engine';
import { given, supportOnly, window } from './support.ts';

export function logFilter(logs: LogFilter | null | undefined): EngineFilter {
  supportOnly('logs', logs, [
    'level.ge_',
    'timestamp.before_',
    'timestamp.after_',
    'flow_run_id.any_',
    'task_run_id.any_',
    'text.query',
  ]);
  return given({
    flowRunIds: logs?.flow_run_id?.any_ ?? undefined,
    taskRunIds: logs?.task_run_id?.any_ ?? undefined,
    minimumLevel: logs?.level?.ge_ ?? undefined,
    text: logs?.text?.query ?? undefined,
    at: window(logs?.timestamp),
  });
}
