import type { BusinessDate } from '@champion/core';
import { type FaultKind, type FaultRule, formatFault } from './fault-rule.ts';

/** Kinds that replace the answer whatever was asked; the others need a file to spoil. */
const ANSWERS: ReadonlySet<FaultKind> = new Set<FaultKind>(['404', '403', '429', '500', 'blocked']);

/** Kinds that only some content can show, by a part of its content type. */
const CONTENT: Readonly<Partial<Record<FaultKind, RegExp>>> = {
  'truncated-zip': /zip/,
  'corrupt-rows': /zip|csv/,
  revised: /zip|csv/,
  'empty-object': /json/,
};

/** What a request asks for, as far as faults care. */
export interface FaultTarget {
  readonly date: BusinessDate;
  /** A rule that spoils a file waits for a request that has one. */
  readonly exists: boolean;
  /** Content type. */
  readonly type: string;
  /** Another session's file of the same kind, if there is any. */
  other(): unknown;
}

interface Standing {
  readonly rule: FaultRule;
  left: number;
}

/** The faults in force. The first that fits a request applies, and counts it. */
export class FaultPlan {
  #standing: Standing[] = [];

  constructor(rules: readonly FaultRule[]) {
    this.set(rules);
  }

  /** Replaces all rules; counts start anew. */
  set(rules: readonly FaultRule[]): void {
    this.#standing = rules.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  }

  /** The fault of one request, used up once. */
  take(target: FaultTarget): FaultRule | undefined {
    const found = this.#standing.find(({ rule, left }) => left > 0 && fits(rule, target) && possible(rule, target));
    if (found) found.left--;
    return found?.rule;
  }

  /** The rules still in force, as text, with the requests they have left. */
  describe(): string[] {
    return this.#standing
      .filter(({ left }) => left > 0)
      .map(({ rule, left }) => formatFault(Number.isFinite(left) ? { ...rule, times: left } : rule));
  }
}

export function fits({ kind, date }: FaultRule, target: FaultTarget): boolean {
  if (date !== undefined && date !== target.date) return false;
  return ANSWERS.has(kind) || (target.exists && CONTENT[kind]?.test(target.type) !== false);
}

/** A request that asks for the impossible is told so; a standing rule waits for a request that it can spoil. */
function possible({ kind }: FaultRule, target: FaultTarget): boolean {
  return kind !== 'wrong-date' || target.other() !== undefined;
}
