import { ChampionError } from '@champion/core';
import { unzipOne, zipOne } from '../bhavcopy/zip.ts';
import { corruptList, isList, reviseList } from '../faults/edit-list.ts';
import { corruptRows, reviseRows } from '../faults/edit-rows.ts';
import type { FaultRule } from '../faults/fault-rule.ts';
import { type Answer, html } from './answer.ts';
import { BROKEN_PAGE, BUSY_PAGE, DENIED_PAGE, NOT_FOUND_PAGE } from './pages.ts';
import type { Subject } from './subject.ts';

const DEFAULT_RETRY_AFTER = 1;
const DEFAULT_SLOW_SECONDS = 3;

/**
 * The answer under a fault. Kinds that spoil a file are only asked for files that exist.
 * @throws ChampionError INVALID_INPUT when the fault cannot be made of this file
 */
export async function faultyAnswer(rule: FaultRule, subject: Subject): Promise<Answer> {
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
      return { ...(await subjectAnswer(subject)), delivery: { kind: 'reset' } };
    case 'slow':
      return {
        ...(await subjectAnswer(subject)),
        delivery: { kind: 'drip', seconds: rule.seconds ?? DEFAULT_SLOW_SECONDS },
      };
    case 'truncated-zip': {
      const answer = await subjectAnswer(subject);
      return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length * 0.6)) };
    }
    case 'wrong-date': {
      const other = subject.other();
      if (!other) throw impossible(rule, subject, 'there is no other session to serve in its place');
      return subjectAnswer(other);
    }
    case 'corrupt-rows':
      return edited(subject, (csv) => (isList(csv) ? corruptList(csv) : corruptRows(csv)));
    case 'revised':
      return edited(subject, (csv) => (isList(csv) ? reviseList(csv) : reviseRows(csv)));
    case 'empty-object':
      return { ...(await subjectAnswer(subject)), body: Buffer.from('{}') };
  }
}

function impossible(rule: FaultRule, { path }: Subject, why: string): ChampionError {
  return new ChampionError(`cannot make "${rule.kind}" of ${path}: ${why}`, {
    code: 'INVALID_INPUT',
    hint: 'Ask for another file or another fault.',
    context: { fault: rule.kind, path },
  });
}

/** The subject as it is. */
export async function subjectAnswer(subject: Subject): Promise<Answer> {
  const body = await subject.read();
  if (!body) return html(404, NOT_FOUND_PAGE);
  return { status: 200, type: subject.type, body };
}

async function edited(subject: Subject, edit: (csv: string) => string): Promise<Answer> {
  const answer = await subjectAnswer(subject);
  if (answer.status !== 200) return answer;
  if (!subject.path.endsWith('.zip')) return { ...answer, body: Buffer.from(edit(answer.body.toString('utf8'))) };
  const { name, text } = unzipOne(answer.body);
  return { ...answer, body: await zipOne(name, edit(text), subject.date) };
}
