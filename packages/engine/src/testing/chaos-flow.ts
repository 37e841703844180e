import pg from 'pg';
import { z } from 'zod';
import { flow } from '../flow.ts';
import { task } from '../task.ts';

// A flow of four tasks that each leave one row in a table, as a load does: under a key of their own, so that doing it twice
// changes nothing. Every execution is noted as well, so that what ran again can be seen.

export const CHAOS_TABLES = `
  CREATE TABLE effects (run text, step integer, amount integer NOT NULL, PRIMARY KEY (run, step));
  CREATE TABLE executions (run text, step integer, attempt integer, at timestamptz NOT NULL DEFAULT clock_timestamp())`;

export const CHAOS_STEPS = [1, 2, 3, 4] as const;

export function chaosFlows(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  const steps = CHAOS_STEPS.map((step) =>
    task(
      // The server may be away in the middle of it, which is no reason to fail.
      { name: `step_${step}`, retries: 30, retryDelayMs: 250 },
      async (run: string, ctx) => {
        await pool.query('INSERT INTO executions (run, step, attempt) VALUES ($1, $2, $3)', [run, step, ctx.attempt]);
        // Long enough to be killed in.
        await pool.query('SELECT pg_sleep(0.05)');
        await pool.query('INSERT INTO effects (run, step, amount) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING', [
          run,
          step,
        ]);
        return step;
      },
    ),
  );
  const chaos = flow({ name: 'chaos', parameters: z.object({ label: z.string() }) }, async ({ label }) => {
    let sum = 0;
    for (const step of steps) sum += await step(label);
    return sum;
  });
  return { flows: [chaos], close: () => pool.end() };
}
