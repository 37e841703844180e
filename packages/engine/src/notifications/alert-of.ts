import type { Clock } from '@champion/core';
import { transaction } from '../deployments/transaction.ts';
import type { Database } from '../records/database.ts';
import { ofState, type SeenState } from './match.ts';
import { insert } from './noticer.ts';
import type { StoredRule } from './rule.ts';
import * as sql from './statements.ts';

/**
 * Has a rule tell of the state that a run is in, whatever its triggers and filter say. It is put down as what the rule
 * finds itself is, under the same key: whoever comes second finds it told.
 * @param rule its name; undefined: the one of SLACK_WEBHOOK_URL
 * @returns false when there is none, or it is disabled
 */
export async function alertOf(
  database: Database,
  clock: Clock,
  flowRunId: string,
  rule: string | undefined,
): Promise<boolean> {
  return transaction(
    database,
    async (tx) => {
      const [found] = await tx.run<StoredRule>(sql.RULE_FOR_HOOK, [rule ?? null]);
      const [seen] = await tx.run<SeenState>(sql.STATE_OF_RUN, [flowRunId]);
      if (found?.enabled !== true || seen === undefined) return false;
      await tx.run(sql.LOCK_NOTICING, []);
      await insert(tx, [ofState(found, seen)], clock.now());
      return true;
    },
    { durable: false },
  );
}
