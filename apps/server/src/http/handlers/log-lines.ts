import type { LogLevel } from '@champion/contract';
import type { LogFilter, LogLineRow, LogOptions, LogReader } from '@champion/engine';

export const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

const LINES_PER_READ = 1_000;
/** A search that finds nothing in a million lines has looked enough. */
const MOST_READS = 50;

/**
 * Lines as clients page through them: a page that is not full is the last. The reader gives pages that are short and not
 * the last while it searches, so it is asked until the page is full.
 */
export async function readLines(
  reader: LogReader,
  filter: LogFilter,
  options: Pick<LogOptions, 'order' | 'after'> & { readonly limit: number; readonly offset?: number },
): Promise<LogLineRow[]> {
  const { limit, offset = 0, order = 'asc' } = options;
  const onlyRuns = Object.keys(filter).every((key) => key === 'flowRunIds');
  if (onlyRuns) return (await reader.list(filter, { ...options, offset })).lines;
  const lines: LogLineRow[] = [];
  let { after } = options;
  for (let reads = 0; reads < MOST_READS && lines.length < offset + limit; reads++) {
    const wanted = Math.min(offset + limit - lines.length, LINES_PER_READ);
    const page = await reader.list(filter, { order, limit: wanted, ...(after === undefined ? {} : { after }) });
    lines.push(...page.lines);
    if (page.next === undefined) break;
    after = page.next;
  }
  return lines.slice(offset);
}
