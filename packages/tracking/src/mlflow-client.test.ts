import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ServerType, serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mlflowApp } from './api/app.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const python = process.env.CHAMPION_TEST_MLFLOW_PYTHON;
const script = fileURLToPath(new URL('./testing/mlflow-client.py', import.meta.url));

if (python === undefined) {
  it('did not run with the real client: CHAMPION_TEST_MLFLOW_PYTHON is not set', () => {
    console.log("tracking: MLflow's own Python client was not tested, CHAMPION_TEST_MLFLOW_PYTHON is not set");
  });
} else {
  describe("MLflow's own Python client", () => {
    let harness: Harness;
    let server: ServerType;
    let folder: string;
    let port: number;
    beforeAll(async () => {
      harness = await startHarness();
      folder = await mkdtemp(join(tmpdir(), 'champion-mlflow-client-'));
      const app = mlflowApp(harness.store);
      port = await new Promise((resolve) => {
        server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (address) => resolve(address.port));
      });
      await harness.store.recordRun({
        experiment: 'nse-bhavcopy-etl',
        runId: 'a6f0c1de-0000-4000-8000-000000000001',
        runName: 'bhavcopy-etl-2026-01-09',
        status: 'FINISHED',
        startTime: 1_767_970_000_000,
        endTime: 1_767_970_012_500,
        params: { trade_date: '2026-01-09' },
        metrics: { rows_processed: 2_800, total_duration: 12.5 },
      });
    });
    afterAll(async () => {
      await new Promise((resolve) => server?.close(resolve));
      await harness?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('creates, logs, searches, pages, reads history, deletes and restores', { timeout: 120_000 }, async () => {
      const output = await runPython(python, { folder, url: `http://127.0.0.1:${port}` });
      console.log(output.trim());
      expect(output).toMatch(/^done with mlflow \d/m);
    });
  });
}

async function runPython(command: string, { folder, url }: { folder: string; url: string }): Promise<string> {
  const child = spawn(command, [script], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      MLFLOW_TRACKING_URI: url,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
      NO_PROXY: '*',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`the client ended with ${code}:\n${output}`);
  return output;
}
