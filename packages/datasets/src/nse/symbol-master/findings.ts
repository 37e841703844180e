import { type Anomaly, plural } from '@champion/core';

/** What the lists say that does not fit together, by rule, with what one instance is. */
const RULES = {
  still_listed: 'a symbol that was changed is listed as before; the change is left out',
  contradictory_change: 'a change contradicts another of the same day; it is left out',
  symbol_reused: 'a symbol was borne by two companies, one after the other',
  listed_later: 'a company is listed later than the change that gave it its symbol',
  list_newer: 'a company is listed more than a month after the day asked for: the list is a newer one',
  name_break: 'a former name does not continue from the change before, or to the listed name',
  isin_placeholder: 'a stand-in is listed for an ISIN',
  isin_repeated: 'an ISIN is listed under two symbols',
} as const;

export type FindingRule = keyof typeof RULES;

/** Collects what is odd, with an example of each. */
export class Findings {
  readonly #found = new Map<FindingRule, { count: number; readonly example: string }>();

  note(rule: FindingRule, example: string): void {
    const found = this.#found.get(rule);
    if (found) found.count++;
    else this.#found.set(rule, { count: 1, example });
  }

  anomalies(): Anomaly[] {
    return (Object.keys(RULES) as FindingRule[]).flatMap((rule) => {
      const found = this.#found.get(rule);
      if (!found) return [];
      const message = `${plural(found.count, 'time')}: ${RULES[rule]}; for example ${found.example}`;
      return [{ rule, count: found.count, message }];
    });
  }
}
