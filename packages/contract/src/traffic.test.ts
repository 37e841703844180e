import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseRequest } from './input.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { Problem } from './schemas/problem.ts';

// What the real Prefect 3 client and its server said to each other, one exchange a line, kept beside the repository.
const folder = fileURLToPath(new URL('../../../../shared/prefect-traffic', import.meta.url));

const Exchange = z.object({
  m: z.string(),
  p: z.string(),
  q: z.string().optional(),
  req: z.string().nullish(),
  s: z.number().optional(),
  res: z.string().optional(),
});
type Exchange = z.infer<typeof Exchange>;

const recorded = existsSync(folder);
const exchanges = recorded
  ? readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Exchange.parse(JSON.parse(line))),
    )
  : [];
const http = exchanges.filter(({ m }) => !m.startsWith('WS'));

/** The route that the server would take, with the values of its path's parameters. */
function find({ m, p }: Exchange): { name: string; route: Route; params: Record<string, string> } | undefined {
  const asked = p.replace(/^\/api/, '').replace(/\/$/, '');
  for (const [name, route] of Object.entries<Route>(routes)) {
    if (route.method !== m) continue;
    const match = new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(asked);
    if (match) return { name, route, params: { ...match.groups } };
  }
  return undefined;
}

const jsonOf = (text: string | null | undefined): unknown => (text ? JSON.parse(text) : undefined);

describe.runIf(recorded)('the recorded traffic of the real client', () => {
  it('is there', () => {
    expect(http.length).toBeGreaterThan(50);
  });

  it.each(http.filter(find).map((exchange, index) => ({ ...exchange, index })))('$index: $m $p ($s)', (exchange) => {
    const { route, params } = find(exchange) ?? expect.unreachable();
    const status = exchange.s ?? 0;
    const answer = jsonOf(exchange.res);
    const request = { params, query: new URLSearchParams(exchange.q), body: jsonOf(exchange.req) };
    const parsed = parseRequest(route, request);

    // Nothing that the client said is dropped without our knowing.
    expect(dropped(request.body, parsed.body)).toEqual([]);
    const schema = route.responses[status];
    if (schema === undefined) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(Problem.safeParse(answer).error).toBeUndefined();
    } else if (schema === null) expect(answer).toBeUndefined();
    else {
      expect(schema.safeParse(answer).error).toBeUndefined();
      expect(dropped(answer, schema.parse(answer))).toEqual([]);
    }
  });

  it('asks for nothing else but what a worker of Prefect asks for, which Champion has no use for', () => {
    const missing = http.filter((exchange) => find(exchange) === undefined).map(({ m, p }) => `${m} ${p}`);
    expect([...new Set(missing)]).toEqual(['POST /api/work_pools/default/get_scheduled_flow_runs']);
  });

  it('has websockets that are not in the table', () => {
    const sockets = exchanges.filter(({ m }) => m.startsWith('WS')).map(({ p }) => p);
    expect([...new Set(sockets)].sort()).toEqual([
      '/api/events/in',
      '/api/events/out',
      '/api/work_pools/default/workers/connect',
    ]);
  });
});

describe.skipIf(recorded)('the recorded traffic of the real client', () => {
  it('is not beside this repository: nothing was compared', () => {
    console.warn(`prefect-traffic is not at ${folder}: the schemas were not held against the real client's requests`);
    expect(recorded).toBe(false);
  });
});

/** Fields sent by real clients that nobody here reads, and why. */
const unread = [
  // Of runs that the client executes itself: what its own engine would need.
  /\.state\.data$/,
  /\.state_details\./,
  // A deployment's own copy of its version.
  /^\$\.version_info$/,
  // Pointers to blocks, which Champion does not have.
  /^\$\.(storage|infrastructure)_document_id$/,
];

/** Paths in `before` that are gone in `after`, those that nobody reads left out. */
function dropped(before: unknown, after: unknown, path = '$'): string[] {
  if (unread.some((pattern) => pattern.test(path))) return [];
  if (typeof before !== 'object' || before === null) return [];
  if (typeof after !== 'object' || after === null) return [path];
  return Object.entries(before).flatMap(([key, value]) => {
    const here = `${path}.${key}`;
    if (!(key in after)) return unread.some((pattern) => pattern.test(here)) ? [] : [here];
    return dropped(value, (after as Record<string, unknown>)[key], here);
  });
}
