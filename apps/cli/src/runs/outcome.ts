import { type ErrorRecord, plural, toErrorRecord } from '@champion/core';
import type { CombinedResult, FlowRunHandle, IngestResult } from '@champion/server';
import { renderError } from '../output/error.ts';
import { plainStyle, type Style } from '../output/style.ts';
import { duration, printable, widthOf } from '../output/text.ts';
import { markOf, wordOf, wordsOf } from '../progress/marks.ts';

export type RunOutcome = Awaited<ReturnType<FlowRunHandle['result']>>;

export function succeeded(outcome: RunOutcome): boolean {
  return outcome.state === 'COMPLETED';
}

/** What an ingest flow's run says of the session it loaded; undefined when it loaded none. */
export function loadedResult(
  outcome: RunOutcome | undefined,
): Extract<IngestResult, { outcome: 'LOADED' }> | undefined {
  const result = outcome?.result as IngestResult | null | undefined;
  return result?.outcome === 'LOADED' ? result : undefined;
}

/** What a run of all flows combined came to, whether it failed in part or not. */
export function combinedResult(outcome: RunOutcome): CombinedResult | undefined {
  const result = outcome.error === undefined ? outcome.result : outcome.error.context.result;
  return (result as CombinedResult | null | undefined) ?? undefined;
}

/**
 * How a run ended, in a few lines.
 * @param champion how to call this program again for the same stores
 */
export function renderOutcome(name: string, outcome: RunOutcome, champion: string, style: Style = plainStyle): string {
  const state = { type: outcome.state, name: outcome.stateName };
  const short = outcome.id.slice(0, 8);
  const head = `${markOf(state, style)} ${style.bold(name)}  ${wordOf(state, style)} in ${duration(outcome.durationMs)}`;
  const report = reportOf(outcome);
  if (outcome.error !== undefined) {
    // A run that failed in part says in its error what it came to; the report tells it better.
    const { result: _, ...context } = outcome.error.context;
    const error = report === undefined ? outcome.error : { ...outcome.error, context };
    return `${report === undefined ? '' : `${report}\n`}${head}\n${renderError(error, style)}${style.cyan('logs:')}  ${champion} flow-run logs ${short}\n`;
  }
  const message = withoutPrefix(outcome.message ?? '', `${wordsOf(state.name)}: `);
  const said = message === '' ? head : `${head}: ${printable(message)}`;
  if (report !== undefined) return `${report}\n${said}\n${fields({ run: short }, style)}`;
  return `${said}\n${fields({ ...readableResult(outcome.result), run: short }, style)}`;
}

/** A result without what it says twice: the parts of a run that has only one. */
function readableResult(result: unknown): Record<string, unknown> {
  const { slices, ...rest } = asRecord(result);
  return Array.isArray(slices) && slices.length > 1 ? { ...rest, parts: slices } : rest;
}

/** What a run says for a person to read, if it does. */
function reportOf({ result, error }: RunOutcome): string | undefined {
  const { report } = asRecord(error === undefined ? result : error.context.result);
  return typeof report === 'string' ? report.split('\n').map(printable).join('\n') : undefined;
}

function withoutPrefix(text: string, prefix: string): string {
  return text.toLowerCase().startsWith(prefix.toLowerCase()) ? text.slice(prefix.length) : text;
}

/** The outcome for programs. */
export function outcomeJson(flow: string, name: string, outcome: RunOutcome): string {
  const { id, state, stateName, message, result, error, durationMs } = outcome;
  const json = {
    id,
    name,
    flow,
    state,
    state_name: stateName,
    message: message ?? null,
    result: result ?? null,
    error: error === undefined ? null : withoutStack(toErrorRecord(error)),
    duration_ms: durationMs,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function withoutStack({ stack: _, ...record }: ErrorRecord): Omit<ErrorRecord, 'stack'> {
  return record;
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  return value === undefined || value === null ? {} : { result: value };
}

/** One name and value per line; a list gets a line per item under its count. */
export function fields(record: Readonly<Record<string, unknown>>, style: Style = plainStyle): string {
  const shown = Object.entries(record).filter(([, value]) => value !== undefined && value !== null);
  const width = Math.max(0, ...shown.map(([key]) => widthOf(key)));
  const lines = shown.flatMap(([key, value]) => {
    const label = `  ${style.dim(key.padEnd(width))}  `;
    if (!Array.isArray(value)) return [`${label}${text(value)}`];
    return [
      `${label}${value.length}`,
      ...value.map((item) => `  ${' '.repeat(width)}  ${style.yellow('·')} ${text(item)}`),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function text(value: unknown): string {
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'number') return value.toLocaleString('en-US');
  if (typeof value === 'object' && value !== null && 'rule' in value && 'message' in value) {
    return printable(`${String(value.rule)}: ${String(value.message)}`);
  }
  if (typeof value === 'object' && value !== null && 'slice' in value && 'rows_loaded' in value) {
    const { slice, rows_loaded, rows_quarantined } = value as {
      slice: string;
      rows_loaded: number;
      rows_quarantined: number;
    };
    return printable(`${slice}: ${plural(rows_loaded, 'row')}, ${rows_quarantined} quarantined`);
  }
  return printable(JSON.stringify(value) ?? '');
}
