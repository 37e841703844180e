import { ChampionError } from '@champion/core';
import type { PublishedFile } from '../bhavcopy/eras.ts';
import { unzipOne, zipOne } from '../bhavcopy/zip.ts';
import { corruptRows, reviseRows } from '../faults/edit-rows.ts';
import type { FaultRule } from '../faults/fault-rule.ts';
import { type Answer, html } from './answer.ts';
import type { FileSource } from './files.ts';
import { BROKEN_PAGE, BUSY_PAGE, DENIED_PAGE, NOT_FOUND_PAGE } from './pages.ts';

const DEFAULT_RETRY_AFTER = 1;
const DEFAULT_SLOW_SECONDS = 3;

/**
 * The answer under a fault. Kinds that spoil a file are only asked for files that exist.
 * @throws ChampionError INVALID_INPUT when the fault cannot be made of this file
 */
export async function faultyAnswer(rule: FaultRule, file: PublishedFile, files: FileSource): Promise<Answer> {
  switch (rule.kind) {
    case '404':
      return html(404, NOT_FOUND_PAGE);
    case '403':
      return html(403, DENIED_PAGE);
    case 'blocked':
      return html(rule.status ?? 200, DENIED_PAGE);
    case '429':
      return html(429, BUSY_PAGE, { 'retry-after': String(rule.retryAfter ?? DEFAULT_RETRY_AFTER) });
    case '500':
      return html(500, BROKEN_PAGE);
    case 'reset-body':
      return { ...(await fileAnswer(file, files)), delivery: { kind: 'reset' } };
    case 'slow':
      return {
        ...(await fileAnswer(file, files)),
        delivery: { kind: 'drip', seconds: rule.seconds ?? DEFAULT_SLOW_SECONDS },
      };
    case 'truncated-zip': {
      const answer = await fileAnswer(file, files);
      return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length * 0.6)) };
    }
    case 'wrong-date': {
      const other = files.other(file);
      if (!other) throw impossible(rule, file, 'there is no other session to serve in its place');
      return fileAnswer(other, files);
    }
    case 'corrupt-rows':
      return edited(file, files, corruptRows);
    case 'revised':
      return edited(file, files, reviseRows);
  }
}

function impossible(rule: FaultRule, file: PublishedFile, why: string): ChampionError {
  return new ChampionError(`cannot make "${rule.kind}" of ${file.path}: ${why}`, {
    code: 'INVALID_INPUT',
    hint: 'Ask for another file or another fault.',
    context: { fault: rule.kind, path: file.path },
  });
}

/** The file as it is. */
export async function fileAnswer(file: PublishedFile, files: FileSource): Promise<Answer> {
  const body = await files.read(file);
  if (!body) return html(404, NOT_FOUND_PAGE);
  return { status: 200, type: file.path.endsWith('.zip') ? 'application/zip' : 'text/csv', body };
}

async function edited(file: PublishedFile, files: FileSource, edit: (csv: string) => string): Promise<Answer> {
  const answer = await fileAnswer(file, files);
  if (answer.status !== 200) return answer;
  if (!file.path.endsWith('.zip')) return { ...answer, body: Buffer.from(edit(answer.body.toString('utf8'))) };
  const { name, text } = unzipOne(answer.body);
  return { ...answer, body: await zipOne(name, edit(text), file.date) };
}
