import type { RunLog } from '@champion/contract';
import { exactMoment } from '../../lib/time.ts';

/** Whether a line has all words of a search, in its message, its fields or its task's name. */
export function lineHas(line: RunLog, words: readonly string[], taskName: string | undefined): boolean {
  if (words.length === 0) return true;
  const text =
    `${line.message} ${taskName ?? ''} ${line.fields === null ? '' : JSON.stringify(line.fields)}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export function wordsOf(query: string | undefined): string[] {
  return (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
}

/** A log as a file: one line each, with what follows a line break indented. */
export function logFile(lines: readonly RunLog[], nameOf: (taskRunId: string) => string | undefined): string {
  return lines
    .map((line) => {
      const task = line.task_run_id === null ? '' : `${nameOf(line.task_run_id) ?? line.task_run_id}: `;
      const fields = line.fields === null ? '' : ` ${JSON.stringify(line.fields)}`;
      const message = line.message.replaceAll('\n', '\n    ');
      return `${exactMoment(line.at, 'millisecond')} ${line.level.toUpperCase().padEnd(5)} ${task}${message}${fields}\n`;
    })
    .join('');
}

/** What follows a line's level: its task, its message, its fields. */
export interface LineText {
  readonly task: string;
  readonly message: string;
  readonly fields: string;
}

export function textOf(line: RunLog, taskName: string | undefined): LineText {
  return {
    task: taskName === undefined ? '' : `${taskName} `,
    message: line.message,
    fields: line.fields === null ? '' : ` ${fieldsText(line.fields)}`,
  };
}

/** "rows=3283 bytes=498112". */
function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/**
 * How many rows a text takes that breaks after `columns` characters, all of one width. To know it without drawing is what
 * lets a log of 100,000 lines scroll.
 */
export function rowsOf({ task, message, fields }: LineText, columns: number): number {
  return `${task}${message}${fields}`
    .split('\n')
    .reduce((rows, part) => rows + Math.max(1, Math.ceil(widthOf(part) / columns)), 0);
}

/** In characters; what is not Latin may be twice as wide. */
function widthOf(text: string): number {
  let width = text.length;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x2fff) width++;
  return width;
}
