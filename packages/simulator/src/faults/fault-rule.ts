import { type BusinessDate, ChampionError, parseIsoDate } from '@champion/core';

/** What can be made to go wrong; the README's table says how each looks to a client. */
export const FAULT_KINDS = [
  '404',
  '403',
  '429',
  '500',
  'blocked',
  'reset-body',
  'truncated-zip',
  'wrong-date',
  'slow',
  'corrupt-rows',
  'revised',
  'empty-object',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One thing that goes wrong on the data paths, always or within limits. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** Only for this session's files. */
  readonly date?: BusinessDate;
  /** Only for this many requests; then the rule is spent. */
  readonly times?: number;
  /** Seconds in the Retry-After header of a 429. Default 1. */
  readonly retryAfter?: number;
  /** Status of the block page. Default 200. */
  readonly status?: 200 | 403;
  /** Seconds over which a slow answer drips. Default 3. */
  readonly seconds?: number;
}

type Options = Pick<FaultRule, 'retryAfter' | 'status' | 'seconds'>;

const LONGEST_SECONDS = 3600;
const GRAMMAR =
  'KIND[:OPTION=VALUE][@YYYY-MM-DD][ xN], for example "429:retry-after=2", "truncated-zip@2024-07-10", "reset-body x2"';

function invalid(text: string, why: string, hint: string): ChampionError {
  return new ChampionError(`"${text}" is not a fault: ${why}`, {
    code: 'INVALID_INPUT',
    hint,
    context: { fault: text },
  });
}

function readOption(text: string, kind: FaultKind, option: string): Options {
  const [name, value = ''] = option.split('=', 2);
  const wanted = { '429': 'retry-after', slow: 'seconds', blocked: 'status' }[kind as string];
  if (name !== wanted) {
    const why = wanted === undefined ? `"${kind}" takes no option` : `"${kind}" has no option "${name}"`;
    throw invalid(text, why, wanted === undefined ? `Write it as "${kind}".` : `Its only option is "${wanted}".`);
  }
  if (kind === 'blocked') {
    if (value === '200' || value === '403') return { status: value === '200' ? 200 : 403 };
    throw invalid(text, `"${value}" is not a status of the block page`, 'Use status=200 or status=403.');
  }
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  const whole = kind !== '429' || Number.isInteger(seconds);
  if (!(seconds <= LONGEST_SECONDS) || !whole) {
    const amount = kind === '429' ? 'a whole number of seconds' : 'a number of seconds';
    throw invalid(text, `"${value}" is not ${amount}`, `Use ${wanted}=N with N from 0 to ${LONGEST_SECONDS}.`);
  }
  return kind === '429' ? { retryAfter: seconds } : { seconds };
}

/**
 * Reads a fault as a flag, a query parameter or a header spells it: `KIND[:OPTION=VALUE][@YYYY-MM-DD][ xN]`.
 * @throws ChampionError INVALID_INPUT that names the part which does not fit
 */
export function parseFault(text: string): FaultRule {
  const parts = /^([^\s:@]+)(?::([^\s@]*))?(?:@([^\s]*))?(?:\s+(\S.*))?$/.exec(text.trim());
  if (!parts) throw invalid(text, 'it has another shape', `Write ${GRAMMAR}.`);
  const [, kindText = '', option, dateText, timesText] = parts;
  const kind = FAULT_KINDS.find((known) => known === kindText);
  if (!kind) throw invalid(text, `no kind is called "${kindText}"`, `The kinds are ${FAULT_KINDS.join(', ')}.`);
  const options = option === undefined ? {} : readOption(text, kind, option);
  const date = dateText === undefined ? undefined : parseIsoDate(dateText);
  if (dateText !== undefined && !date) throw invalid(text, `"${dateText}" is no date`, 'Write it as @YYYY-MM-DD.');
  const times = timesText === undefined ? undefined : /^x([1-9]\d{0,5})$/.exec(timesText)?.[1];
  if (timesText !== undefined && times === undefined)
    throw invalid(text, `"${timesText}" is no number of requests`, 'Write " xN", for example " x2".');
  return { kind, ...options, ...(date ? { date } : {}), ...(times === undefined ? {} : { times: Number(times) }) };
}

/** The text that `parseFault` reads back to the same rule. */
export function formatFault(rule: FaultRule): string {
  const option =
    rule.retryAfter !== undefined
      ? `:retry-after=${rule.retryAfter}`
      : rule.seconds !== undefined
        ? `:seconds=${rule.seconds}`
        : rule.status !== undefined
          ? `:status=${rule.status}`
          : '';
  return `${rule.kind}${option}${rule.date ? `@${rule.date}` : ''}${rule.times === undefined ? '' : ` x${rule.times}`}`;
}
