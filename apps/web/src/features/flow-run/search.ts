import { LOG_LEVELS, type LogLevel } from '@champion/contract';
import { present, type RawSearch, readChoice, readCount, readText } from '../../lib/search-params.ts';

const RUN_TABS = ['timeline', 'graph', 'logs', 'tasks', 'result', 'artifacts', 'metrics', 'parameters'] as const;
type RunTab = (typeof RUN_TABS)[number];

/** What the page of a run shows, as its URL says it. */
export interface RunSearch {
  /** Default: timeline. */
  readonly tab?: RunTab | undefined;
  /** Lines of this level and above. */
  readonly level?: LogLevel | undefined;
  /** Words in log lines. */
  readonly q?: string | undefined;
  /** The log line that is pointed at, by its id. */
  readonly line?: number | undefined;
  /** The task run that is looked at. */
  readonly task?: string | undefined;
}

export function readRunSearch(raw: RawSearch): RunSearch {
  return present<RunSearch>({
    tab: readChoice(raw.tab, RUN_TABS),
    level: readChoice(raw.level, LOG_LEVELS),
    q: readText(raw.q),
    line: readCount(raw.line),
    task: readText(raw.task),
  });
}
