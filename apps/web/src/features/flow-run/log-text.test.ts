import type { RunLog } from '@champion/contract';
import { expect, it } from 'vitest';
import { lineHas, logFile, rowsOf, textOf, wordsOf } from './log-text.ts';

const line: RunLog = {
  id: 7,
  at: '2026-01-12T12:30:05.250Z',
  level: 'error',
  message: 'broken archive\nat byte 12',
  task_run_id: 'task',
  fields: { bytes: 41230 },
};

it('finds words in message, fields and task', () => {
  expect(lineHas(line, wordsOf('ARCHIVE 41230'), 'scrape')).toBe(true);
  expect(lineHas(line, wordsOf('scrape'), 'scrape')).toBe(true);
  expect(lineHas(line, wordsOf('archive missing'), 'scrape')).toBe(false);
  expect(lineHas(line, wordsOf('  '), undefined)).toBe(true);
});

it('writes a file that can be read and sorted', () => {
  expect(logFile([line], () => 'scrape_bhavcopy')).toBe(
    '2026-01-12 18:00:05.250 IST ERROR scrape_bhavcopy: broken archive\n    at byte 12 {"bytes":41230}\n',
  );
});

it('knows how many rows a line takes', () => {
  const text = (message: string) => ({ task: '', message, fields: '' });
  expect(rowsOf(text(''), 10)).toBe(1);
  expect(rowsOf(text('0123456789'), 10)).toBe(1);
  expect(rowsOf(text('0123456789a'), 10)).toBe(2);
  expect(rowsOf(text('a\n\n0123456789a'), 10)).toBe(4);
  expect(rowsOf(text('\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e'), 10)).toBe(2);
  expect(rowsOf(textOf({ ...line, message: 'x' }, 'abcd'), 10)).toBe(2);
});
