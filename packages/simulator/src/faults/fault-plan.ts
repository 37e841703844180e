import type { BusinessDate } from '@champion/core';
import { type FaultKind, type FaultRule, formatFault } from './fault-rule.ts';

/** Kinds that replace the answer whatever was asked; the others need a file to spoil. */
const ANSWERS: ReadonlySet<FaultKind> = new Set<FaultKind>(['404', '403', '429', '500', 'blocked']);

function needsFile(kind: FaultKind): boolean {
  return !ANSWERS.has(kind);
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

  /**
   * The fault of one request, used up once.
   * @param fileExists a rule that spoils a file waits for a request that has one
   */
  take(date: BusinessDate, fileExists: boolean): FaultRule | undefined {
    const found = this.#standing.find(({ rule, left }) => left > 0 && fits(rule, date, fileExists));
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

export function fits(rule: FaultRule, date: BusinessDate, fileExists: boolean): boolean {
  return (rule.date === undefined || rule.date === date) && (fileExists || !needsFile(rule.kind));
}
