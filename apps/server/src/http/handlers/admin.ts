import { setTimeout as sleep } from 'node:timers/promises';
import type { HandlersOf } from '@champion/contract';
import { ChampionError } from '@champion/core';
import type { ApiParts } from '../parts.ts';

/** What Prefect's clients are told that they talk to: they refuse another major version. */
const PREFECT_SERVER = '3.8.4';
const PREFECT_API = '0.8.4';

const ANSWER_WITHIN_MS = 3_000;

export function adminHandlers({ plane }: ApiParts): Omit<HandlersOf<'admin'>, 'readSystem' | 'readSystemHistory'> {
  return {
    readHealth: () => true,
    readReady: async ({ signal }) => {
      // A lost connection is tried again for minutes; whoever asks this wants to know now.
      const answered = await Promise.race([
        plane.runs.flows.count().then(() => true),
        sleep(ANSWER_WITHIN_MS, false, { signal, ref: false }),
      ]);
      if (answered) return { message: 'OK' };
      throw new ChampionError(`The database did not answer within ${ANSWER_WITHIN_MS / 1000} s`, {
        code: 'STORE_FAILED',
        retry: { after: 1_000 },
        hint: 'Look whether PostgreSQL runs; the server goes on by itself when it is back.',
      });
    },
    readHello: () => '👋',
    readApiVersion: () => PREFECT_API,
    readServerVersion: () => PREFECT_SERVER,
    readStorage: () => ({ default_result_storage_block_id: null }),
    readCsrfToken: () => ({ detail: 'CSRF protection is disabled.' }),
  };
}
