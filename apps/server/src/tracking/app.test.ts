import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@champion/engine';
import { openTracking, type TrackingStore } from '@champion/tracking';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TrackingSite, trackingApp } from './app.ts';

const KEY = 'key-of-the-tracking-test';
const LOOPBACK = { host: '127.0.0.1', apiKey: undefined };
const SITE: TrackingSite = { version: '1.2.3', simulated: true, webUrl: 'http://127.0.0.1:4200' };

let folder: string;
let root: string;
let store: TrackingStore;
let stop: () => Promise<void>;
const logged: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-tracking-app-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  store = await openTracking({ databaseUrl: postgres.url });
  stop = async () => {
    await store.close();
    await postgres.stop();
  };
  root = join(folder, 'tracking');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(root, 'tracking.html'), '<!doctype html><title>Tracking</title>');
  await writeFile(join(root, 'theme.js'), '// theme');
  await writeFile(join(root, 'assets/app-1a2b.js'), 'export {}');
  await writeFile(join(folder, 'secret.txt'), 'of nobody else');
});
afterAll(async () => {
  await stop?.();
  await rm(folder, { recursive: true, force: true });
});

const app = (site: Partial<TrackingSite> = {}, access: { host: string; apiKey: string | undefined } = LOOPBACK) =>
  trackingApp(store, access, { ...SITE, ...site }, (line) => logged.push(line));

async function get(from: ReturnType<typeof app>, path: string, headers: Record<string, string> = {}) {
  const response = await from.request(path, { headers: { host: '127.0.0.1:5000', ...headers } });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers };
}

describe('the tracking port', () => {
  it('serves the app, and no other file', async () => {
    const site = app({ root });
    const page = await get(site, '/');
    expect([page.status, page.text, page.headers.get('cache-control')]).toEqual([
      200,
      expect.stringContaining('<title>Tracking'),
      'no-cache',
    ]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await get(site, '/theme.js')).text).toBe('// theme');
    expect((await get(site, '/assets/app-1a2b.js')).headers.get('cache-control')).toContain('immutable');
    for (const path of ['/assets/app-0000.js', '/tracking.html', '/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt']) {
      const { status, text } = await get(site, path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('of nobody else');
    }
  });

  it('says so where the app is not built, and answers clients all the same', async () => {
    const { status, text } = await get(app(), '/');
    expect([status, text]).toEqual([200, expect.stringContaining('npm run build')]);
    expect((await get(app(), '/api/2.0/mlflow/experiments/get?experiment_id=0')).status).toBe(200);
    expect(await (await app().request('/api/2.0/nothing')).json()).toMatchObject({ error_code: 'ENDPOINT_NOT_FOUND' });
  });

  it('tells where the web app is, by the name that it was asked by', async () => {
    const about = async (site: Partial<TrackingSite>, host: string) =>
      JSON.parse((await get(app(site), '/ajax-api/2.0/champion/about', { host })).text) as unknown;
    expect(await about({}, '127.0.0.1:5000')).toEqual({
      version: '1.2.3',
      simulated: true,
      web_url: 'http://127.0.0.1:4200',
    });
    expect(await about({}, 'localhost:5000')).toMatchObject({ web_url: 'http://localhost:4200' });
    expect(await about({}, '[::1]:5000')).toMatchObject({ web_url: 'http://[::1]:4200' });
    expect(await about({ webUrl: undefined, simulated: false }, '127.0.0.1:5000')).toMatchObject({
      web_url: null,
      simulated: false,
    });
  });

  it('tells how many runs experiments have, in MLflow’s manner', async () => {
    const id = await store.createExperiment({ name: 'counted' });
    const { runId } = await store.createRun({ experimentId: id, runName: 'one', startTime: 1_000 });
    const path = '/ajax-api/2.0/champion/experiment-activity';
    const { text } = await get(app(), `${path}?experiment_ids=${id}&experiment_ids=0`);
    expect(JSON.parse(text)).toEqual({
      activity: [
        { experiment_id: '0', runs: 0, last_run: null },
        {
          experiment_id: id,
          runs: 1,
          last_run: { run_id: runId, run_name: 'one', status: 'RUNNING', start_time: 1_000, end_time: null },
        },
      ],
    });
    expect((await get(app(), path)).text).toBe('{"activity":[]}');
    const refused = await get(app(), `${path}?experiment_ids=x`);
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      400,
      expect.objectContaining({ error_code: 'INVALID_PARAMETER_VALUE' }),
    ]);
  });

  it('gives pages and answers only to who has the key, and to no foreign name or page', async () => {
    const locked = app({ root }, { host: '127.0.0.1', apiKey: KEY });
    for (const path of ['/', '/theme.js', '/ajax-api/2.0/champion/about', '/api/2.0/mlflow/experiments/search']) {
      const refused = await get(locked, path);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('Basic'),
      ]);
      for (const authorization of [`Bearer ${KEY}`, `Basic ${btoa(`anybody:${KEY}`)}`]) {
        expect((await get(locked, path, { authorization })).status).toBe(200);
      }
    }
    expect((await get(app({ root }), '/', { host: 'evil.example' })).status).toBe(403);
    const foreign = { host: '127.0.0.1:5000', origin: 'https://evil.example' };
    const changed = await app().request('/ajax-api/2.0/mlflow/runs/search', { method: 'POST', headers: foreign });
    expect(changed.status).toBe(403);
    expect(logged).toEqual([]);
  });
});
