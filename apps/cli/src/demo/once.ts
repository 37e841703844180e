import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { follow, runToEnd } from '../runs/follow.ts';
import { succeeded } from '../runs/outcome.ts';
import { simulatedSettings } from '../simulated.ts';
import { withSimulator } from '../up/platform.ts';
import { renderReport, type Session, whereToLookNext } from './report.ts';

/** Loads the latest sessions in this process, without a server, prints the report and ends. */
export async function demoOnce(sessions: number, command: Command, cli: Cli): Promise<void> {
  const startedAt = performance.now();
  const module = await import('@champion/server');
  const { COMBINED_FLOW, datasets, latestOfAll, sessionsLoaded } = module;
  await withSimulator(module, async (simulator) => {
    const config = await cli.config(command, simulatedSettings(simulator.url, homeOf(command)));
    await cli.note(`Starting PostgreSQL, ClickHouse and a simulated exchange; the data goes to ${config.home}\n`);
    await cli.withStack(config, async (stack, interruption) => {
      const engine = await stack.engine();
      const { calendar, clock } = stack.services;
      const dates = calendar.lastSessions(latestOfAll(datasets, calendar, clock), sessions);
      const finished = await follow(cli, engine, { detail: 'runs', interruption }, async () => {
        const done: Session[] = [];
        // One after the other, for the gold of a session rests on those before it.
        for (const date of dates) {
          if (interruption.happened) break;
          const parameters = { trade_date: date };
          const { handle, outcome } = await runToEnd(engine, COMBINED_FLOW.name, parameters, interruption);
          done.push({ date, name: handle.name, outcome });
        }
        return done;
      });
      const warehouse = await stack.warehouse();
      const loaded = await warehouse.query(sessionsLoaded, { from: dates[0], to: dates.at(-1), limit: sessions });
      const champion = championFor(config.home);
      await cli.print(renderReport(finished, loaded, champion, performance.now() - startedAt, cli));
      await cli.print(whereToLookNext(champion, cli));
      if (!finished.every(({ outcome }) => succeeded(outcome))) cli.exitCode = EXIT.runFailed;
    });
  });
}
