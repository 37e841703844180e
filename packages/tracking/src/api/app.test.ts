import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';
import type { TrackingStore } from '../tracking-store.ts';
import { mlflowApp } from './app.ts';

let harness: Harness;
let call: Harness['call'];
let runId: string;
beforeAll(async () => {
  harness = await startHarness();
  call = harness.call;
  runId = (await call('POST', 'runs/create', { experiment_id: '0', start_time: '1000', run_name: 'one' })).body.run.info
    .run_id;
});
afterAll(() => harness?.stop());

const app = () => mlflowApp(harness.store);

describe('an answer', () => {
  it('has a run as MLflow shows it', async () => {
    await call('POST', 'runs/log-batch', {
      run_id: runId,
      metrics: [{ key: 'm', value: 'NaN', timestamp: '5', step: '2' }],
      params: [{ key: 'p', value: '1' }],
      tags: [{ key: 't', value: '2' }],
    });
    expect(await call('GET', 'runs/get', { run_id: runId })).toEqual({
      status: 200,
      body: {
        run: {
          info: {
            run_id: runId,
            run_uuid: runId,
            run_name: 'one',
            experiment_id: '0',
            user_id: '',
            status: 'RUNNING',
            start_time: 1_000,
            artifact_uri: `mlflow-artifacts:/0/${runId}/artifacts`,
            lifecycle_stage: 'active',
          },
          data: {
            metrics: [{ key: 'm', value: 'NaN', timestamp: 5, step: 2 }],
            params: [{ key: 'p', value: '1' }],
            tags: [
              { key: 'mlflow.runName', value: 'one' },
              { key: 't', value: '2' },
            ],
          },
          inputs: { dataset_inputs: [] },
        },
      },
    });
  });

  it('is an empty object where there is nothing to say', async () => {
    for (const [path, asked] of [
      ['runs/log-metric', { run_uuid: runId, key: 'x', value: '-Infinity', timestamp: 1 }],
      ['runs/log-parameter', { run_id: runId, key: 'q', value: '1' }],
      ['runs/set-tag', { run_id: runId, key: 'u', value: '' }],
      ['runs/delete-tag', { run_id: runId, key: 'u' }],
      ['runs/log-batch', { run_id: runId }],
      ['runs/log-inputs', { run_id: runId, datasets: [] }],
      ['runs/delete', { run_id: runId }],
      ['runs/restore', { run_id: runId }],
      ['experiments/set-experiment-tag', { experiment_id: '0', key: 'a', value: 'b' }],
      ['experiments/delete-experiment-tag', { experiment_id: 0, key: 'a' }],
    ] as const) {
      expect(await call('POST', path, asked), path).toEqual({ status: 200, body: {} });
    }
    expect(await call('POST', 'runs/search', { experiment_ids: [] })).toEqual({ status: 200, body: { runs: [] } });
  });

  it('takes enumerations by name and by number, lists one by one, and comes under both prefixes', async () => {
    const update = (status: unknown) => call('POST', 'runs/update', { run_id: runId, status });
    expect((await update('FAILED')).body.run_info.status).toBe('FAILED');
    expect((await update(3)).body.run_info.status).toBe('FINISHED');
    expect((await update('DONE')).body.error_code).toBe('INVALID_PARAMETER_VALUE');
    for (const run_view_type of ['ACTIVE_ONLY', 1, 3, 'ALL']) {
      const found = await call('POST', 'runs/search', { experiment_ids: ['0'], run_view_type });
      expect(found.body.runs).toHaveLength(1);
    }
    const query = 'order_by=name&order_by=creation_time%20DESC&max_results=5&view_type=ALL';
    const searched = await app().request(`/ajax-api/2.0/mlflow/experiments/search?${query}`);
    expect(await searched.json()).toMatchObject({ experiments: [{ name: 'Default', experiment_id: '0' }] });
    const bulk = await app().request(
      `/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids=${runId}&run_ids=none&metric_key=m`,
    );
    expect(await bulk.json()).toEqual({ metrics: [{ key: 'm', value: 'NaN', timestamp: 5, step: 2, run_id: runId }] });
    expect((await call('GET', 'artifacts/list', { run_id: runId })).body.files).toEqual([]);
  });
});

describe('an error', () => {
  it.each([
    ['GET', 'runs/get', {}, 400, 'INVALID_PARAMETER_VALUE', /Missing value for required parameter 'run_id'/],
    ['GET', 'runs/get', { run_id: 'a/b' }, 400, 'INVALID_PARAMETER_VALUE', /run_id/],
    ['GET', 'runs/get', { run_id: 'none' }, 404, 'RESOURCE_DOES_NOT_EXIST', /Run with id=none not found/],
    ['GET', 'experiments/get', { experiment_id: 'x' }, 400, 'INVALID_PARAMETER_VALUE', /valid integer/],
    ['GET', 'experiments/get', { experiment_id: '99' }, 404, 'RESOURCE_DOES_NOT_EXIST', /No Experiment with id=99/],
    ['GET', 'experiments/get-by-name', { experiment_name: 'x' }, 404, 'RESOURCE_DOES_NOT_EXIST', /'x'/],
    ['POST', 'experiments/create', { name: 'Default' }, 400, 'RESOURCE_ALREADY_EXISTS', /already exists/],
    ['POST', 'experiments/create', { name: '' }, 400, 'INVALID_PARAMETER_VALUE', /'name'/],
    ['POST', 'runs/create', { experiment_id: '99' }, 404, 'RESOURCE_DOES_NOT_EXIST', /id=99/],
    ['POST', 'runs/search', { experiment_ids: ['0'], filter: 'a >' }, 400, 'INVALID_PARAMETER_VALUE', /character 1/],
    ['POST', 'runs/search', { experiment_ids: ['0'], max_results: 50_001 }, 400, 'INVALID_PARAMETER_VALUE', /50000/],
    ['POST', 'runs/search', { experiment_ids: 'x' }, 400, 'INVALID_PARAMETER_VALUE', /experiment_ids/],
    ['POST', 'runs/log-metric', { run_id: 'a', key: 'm' }, 400, 'INVALID_PARAMETER_VALUE', /'value'/],
    [
      'POST',
      'runs/log-batch',
      {
        run_id: 'a',
        metrics: [
          { key: 'm', value: 1, timestamp: 1 },
          { key: 'm', timestamp: 1 },
        ],
      },
      400,
      'INVALID_PARAMETER_VALUE',
      /'metrics\[1\].value'/,
    ],
    [
      'POST',
      'runs/log-batch',
      {
        run_id: 'a',
        params: [
          { key: 'p', value: '1' },
          { key: 'p', value: '1' },
        ],
      },
      400,
      'INVALID_PARAMETER_VALUE',
      /Duplicate parameter keys/,
    ],
    ['POST', 'runs/nothing', {}, 404, 'ENDPOINT_NOT_FOUND', /runs\/nothing/],
  ] as const)('%s %s %o is %i %s', async (method, path, asked, status, errorCode, message) => {
    const answer = await call(method, path, asked);
    expect(answer).toMatchObject({ status, body: { error_code: errorCode, message: expect.stringMatching(message) } });
  });

  it('says what to do in its message, for clients show nothing else', async () => {
    const { body } = await call('POST', 'runs/search', { experiment_ids: ['0'], filter: "metrics.a == '5'" });
    expect(body.message).toMatch(/^Invalid filter at character 11: expected .*, found "==". Write = instead of ==\.$/);
    expect(body.hint).toBe('Write = instead of ==.');
    expect(body).toMatchObject({ position: 10, expected: 'one of = != > >= < <=', found: '==' });
  });

  it('of a body that is too long or no JSON comes before any work', async () => {
    const long = { run_id: runId, tags: [{ key: 't', value: 'x'.repeat(1_000_000) }] };
    expect((await call('POST', 'runs/log-batch', long)).body.message).toMatch(/at most 1000000 bytes/);
    for (const body of ['{', '[]', '"x"', 'null']) {
      const answer = await app().request('/api/2.0/mlflow/runs/search', { method: 'POST', body });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
    }
    const flood = await app().request('/api/2.0/mlflow/runs/log-inputs', {
      method: 'POST',
      body: 'x'.repeat(20_000_001),
      headers: { 'content-length': '20000001' },
    });
    expect(await flood.json()).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  });

  it('for what newer clients probe and for artifacts is plain', async () => {
    expect((await app().request('/api/3.0/mlflow/server-info')).status).toBe(404);
    const upload = await app().request('/api/2.0/mlflow-artifacts/artifacts/0/a/file.txt', {
      method: 'PUT',
      body: 'x',
    });
    expect(upload.status).toBe(501);
    expect(await upload.json()).toMatchObject({ error_code: 'NOT_IMPLEMENTED' });
    expect(await (await app().request('/health')).text()).toBe('OK');
  });

  it('of the server itself is logged and told in general words', async () => {
    const logged: unknown[] = [];
    const broken = { getRun: () => Promise.reject(new Error('the password is 123')) } as unknown as TrackingStore;
    const answer = await mlflowApp(broken, { log: (_line, error) => logged.push(error) }).request(
      '/api/2.0/mlflow/runs/get?run_id=a',
    );
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('123');
    expect(logged).toHaveLength(1);
  });
});
