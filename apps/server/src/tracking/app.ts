import { mlflowApp, type TrackingStore } from '@champion/tracking';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { refuseForeign, refuseStranger } from '../http/access.ts';
import { page } from '../http/pages/html.ts';
import type { Access } from '../http/parts.ts';
import { SECURITY_HEADERS } from '../http/security-headers.ts';

/** MLflow's pages ask below this prefix; what its API does not tell of stands beside it. */
const CHAMPION_PREFIX = '/ajax-api/2.0/champion';
const ENTRY = 'tracking.html';

/** What the tracking app shows besides what is tracked. */
export interface TrackingSite {
  /** Folder of the built tracking app, absolute; while it is not there a page says so. */
  readonly root?: string | undefined;
  /** Where this machine reaches the web app that shows flow runs; undefined: it is not built. */
  readonly webUrl?: string | undefined;
  /** Of the product. */
  readonly version: string;
  /** The exchange is the simulator: no number is of the market. */
  readonly simulated: boolean;
}

/** All that the tracking port answers: MLflow's API, and an app on it. Whoever may ask the other port may ask this one. */
export function trackingApp(
  store: TrackingStore,
  access: Access,
  site: TrackingSite,
  log: (line: string, error: unknown) => void,
): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    const asking = {
      method: c.req.method,
      host: c.req.header('host') ?? new URL(c.req.url).host,
      origin: c.req.header('origin'),
      authorization: c.req.header('authorization'),
    };
    const refused = refuseForeign(asking, access) ?? refuseStranger(asking, access);
    if (refused === undefined) return next();
    // Browsers ask for name and password; the key is the password.
    if (refused.status === 401) c.header('www-authenticate', 'Basic realm="Champion", charset="UTF-8"');
    const { message, hint } = refused.error;
    const error_code = refused.status === 401 ? 'UNAUTHENTICATED' : 'PERMISSION_DENIED';
    return c.json({ error_code, message: hint === undefined ? message : `${message}. ${hint}` }, refused.status);
  });
  app.use('/ajax-api/*', async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });

  app.get(`${CHAMPION_PREFIX}/about`, (c) =>
    c.json({ version: site.version, simulated: site.simulated, web_url: asReached(c, site.webUrl) }),
  );
  const api = mlflowApp(store, { log });
  // Within MLflow's API, so that its errors are this one's too.
  api.get(`${CHAMPION_PREFIX}/experiment-activity`, async (c) => {
    const activity = await store.experimentActivity(c.req.queries('experiment_ids') ?? []);
    return c.json({
      activity: activity.map(({ experimentId, runs, lastRun }) => ({
        experiment_id: experimentId,
        runs,
        last_run:
          lastRun === null
            ? null
            : {
                run_id: lastRun.runId,
                run_name: lastRun.runName,
                status: lastRun.status,
                start_time: lastRun.startTime,
                end_time: lastRun.endTime,
              },
      })),
    });
  });
  servePages(app, site);
  app.route('/', api);
  app.notFound((c) =>
    c.json({ error_code: 'ENDPOINT_NOT_FOUND', message: `There is no ${c.req.method} ${c.req.path} here` }, 404),
  );
  return app;
}

/**
 * An address of this server as whoever asks reaches it: both ports listen on the same address, so by the name that they used
 * for this one.
 */
function asReached(c: Context, url: string | undefined): string | null {
  if (url === undefined) return null;
  const host = `http://${c.req.header('host') ?? ''}`;
  if (!URL.canParse(host)) return url;
  const reached = new URL(url);
  reached.hostname = new URL(host).hostname;
  return reached.origin;
}

/** The app's one page and its files; which run or experiment it shows is said behind the "#", as by MLflow's own links. */
function servePages(app: Hono, { root }: TrackingSite): void {
  if (root === undefined) {
    app.get('/', (c) => c.html(NOT_BUILT));
    return;
  }
  app.get('/', async (c, next) => {
    c.header('cache-control', 'no-cache');
    return serveStatic({ root, path: ENTRY })(c, next);
  });
  app.get('/assets/*', async (c, next) => {
    await next();
    // Their names change with their content.
    if (c.res.ok) c.header('cache-control', 'public, max-age=31536000, immutable');
  });
  for (const path of ['/assets/*', '/favicon.svg', '/theme.js']) app.get(path, serveStatic({ root }));
}

const NOT_BUILT = page(
  'Champion tracking',
  `<main>
<h1>Champion tracking</h1>
<p class="soft">The API of the tracking answers here; its app is not built (<code>npm run build</code>).</p>
<h4>From Python</h4>
<pre>MLFLOW_TRACKING_URI=http://127.0.0.1:5000
mlflow.search_runs(experiment_names=["nse-bhavcopy-etl"])</pre>
</main>`,
);
