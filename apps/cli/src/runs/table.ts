import type { Style } from '../output/style.ts';
import { renderTable } from '../output/table.ts';
import { duration, printable } from '../output/text.ts';
import { localTime, shortTime } from '../output/time.ts';
import { markOf, wordOf } from '../progress/marks.ts';
import type { RunView } from './view.ts';

const WIDEST_MESSAGE = 80;

export function renderRunTable(runs: readonly RunView[], style: Style, width: number): string {
  const rows = runs.map(({ id, state, name, at, durationMs, message }): string[] => [
    id.slice(0, 8),
    `${markOf(state, style)} ${wordOf(state, style)}`,
    printable(name),
    at === undefined ? '' : (Number.isFinite(width) ? shortTime : localTime)(at),
    durationMs === undefined ? '' : duration(durationMs),
    message.slice(0, WIDEST_MESSAGE),
  ]);
  return renderTable(
    [
      { header: 'id' },
      { header: 'state' },
      { header: 'name', flexible: true },
      { header: 'started' },
      { header: 'duration', align: 'right' },
      { header: 'message', flexible: true, spare: true },
    ],
    rows,
    style,
    width,
  );
}
