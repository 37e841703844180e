import type { ErrorRecord } from '@champion/core';
import { plainStyle, type Style } from './style.ts';
import { printable, truncate } from './text.ts';

const EVIDENCE_WIDTH = 400;

/** An error as lines of text: what happened, what to do, then the evidence. */
export function renderError(record: ErrorRecord, style: Style = plainStyle): string {
  const { message, hint, context, cause, stack } = record;
  const evidence = Object.entries(context)
    .filter(([, value]) => value !== undefined && value !== null && !isSaid(value, message))
    .map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  if (cause !== undefined && !cause.includes(message)) evidence.push(['cause', cause]);
  const lines = [
    `${style.red('error:')} ${message.split('\n').map(printable).join('\n')}`,
    ...(hint === undefined ? [] : [`${style.cyan('hint:')}  ${printable(hint)}`]),
    ...evidence.map(([key, value]) => style.dim(`  ${key}: ${truncate(printable(value), EVIDENCE_WIDTH)}`)),
    // Only what nobody foresaw has a stack: the reader will want to report it.
    ...(stack === undefined
      ? []
      : stack
          .split('\n')
          .slice(1)
          .map((line) => style.dim(`  ${line.trim()}`))),
  ];
  return `${lines.join('\n')}\n`;
}

/** Shorter text may be in the message by chance. */
const TELLING_LENGTH = 4;

/** Whether the message says it already. */
function isSaid(value: unknown, message: string): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => isSaid(item, message));
  return typeof value === 'string' && value.length >= TELLING_LENGTH && message.includes(value);
}
