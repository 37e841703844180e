import { today } from '@champion/core';
import type { Stack } from '@champion/server';
import { duration } from '../output/text.ts';
import { check, type Finding, ok, warn } from './check.ts';

export function checkEngine(stack: Stack): Promise<Finding> {
  return check('PostgreSQL', async () => {
    const startedAt = performance.now();
    await stack.engine();
    const where = stack.config.databaseUrl === undefined ? 'embedded' : 'of DATABASE_URL';
    return ok(`${where}, ready in ${duration(performance.now() - startedAt)}`);
  });
}

export function checkWarehouse(stack: Stack): Promise<Finding> {
  return check('ClickHouse', async () => {
    const warehouse = await stack.warehouse();
    const { version, kind } = await warehouse.info();
    const { rows } = await warehouse.sql('SELECT count(), uniqExact(trade_date) FROM equity_ohlc');
    const [bars, sessions] = rows[0] ?? [];
    return ok(
      `${version}, ${kind === 'server' ? 'of CLICKHOUSE_URL' : 'embedded'}, ${bars} bars of ${sessions} sessions`,
    );
  });
}

export function checkLake(stack: Stack): Promise<Finding> {
  return check('Lake', async () => {
    const lake = await stack.lake();
    const { datasets } = await import('@champion/server');
    const counts = await Promise.all(
      datasets.map(async ({ name }) => `${(await lake.manifest.list(name)).length} sessions of ${name}`),
    );
    return ok(`${lake.root}, ${counts.join(', ')}`);
  });
}

const HOSTS = { archives: "Exchange's archive", site: "Exchange's site" } as const;
const WITHOUT_EXCHANGE =
  'Files you have can be loaded with champion import FILE; a simulated exchange runs with champion simulator start.';

/** One polite request to each host. Work goes on without them, so their absence is a warning. */
export async function checkExchange(stack: Stack, signal: AbortSignal): Promise<Finding[]> {
  const probed = await stack.exchange().probe({ signal });
  const last = probed.findLast(({ reachable, blocked }) => !reachable || blocked);
  return probed.map((host): Finding => {
    const { name, url, reachable, blocked, ms, message } = host;
    const what = HOSTS[name];
    if (reachable && !blocked) return { what, ...ok(`${url} ${message} in ${duration(ms)}`) };
    // The same advice for both: said once.
    return {
      what,
      level: 'warn',
      detail: `${url}: ${message}`,
      ...(host === last ? { advice: WITHOUT_EXCHANGE } : {}),
    };
  });
}

export function checkCalendar(stack: Stack): Promise<Finding> {
  return check('Calendar', async () => {
    const { calendar, clock } = stack.services;
    const date = today(clock);
    const year = date.slice(0, 4);
    const day = calendar.day(date);
    const now = day.open ? 'today is a session' : `today is no session (${day.name})`;
    if (calendar.holidaysKnown(date)) return ok(`holidays of ${year} are known; ${now}`);
    return warn(
      `holidays of ${year} are not known: every weekday is taken for a session`,
      'Update Champion; until then a file that is missing may mean a holiday.',
    );
  });
}
