import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from './testing/platform.ts';

// What MLflow's own client reads of the platform's runs. CHAMPION_TEST_MLFLOW_PYTHON names a Python that has it.

const python = process.env.CHAMPION_TEST_MLFLOW_PYTHON;
if (python === undefined) {
  console.warn(
    'mlflow-client.test.ts does not run: CHAMPION_TEST_MLFLOW_PYTHON does not name a Python that has mlflow',
  );
}

const SCRIPT = `
import json, sys
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1])
experiment = client.get_experiment_by_name("nse-bhavcopy-etl")
runs = [] if experiment is None else client.search_runs(
    [experiment.experiment_id], filter_string="metrics.rows_processed > 1000", order_by=["metrics.total_duration DESC"])
print(json.dumps([{
    "name": run.info.run_name, "status": run.info.status, "params": run.data.params, "metrics": run.data.metrics,
    "flow_run_id": run.data.tags["flow_run_id"],
} for run in runs]))
`;

interface Tracked {
  readonly name: string;
  readonly status: string;
  readonly params: Record<string, string>;
  readonly metrics: Record<string, number>;
  readonly flow_run_id: string;
}

describe.skipIf(python === undefined)("MLflow's client", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('mlflow');
  }, 120_000);
  afterAll(() => platform?.stop());

  it('finds what a flow run wrote', async () => {
    const read = (): Tracked[] =>
      JSON.parse(execFileSync(python ?? '', ['-c', SCRIPT, platform.trackingUrl], { encoding: 'utf8' }));
    // A simulated market begins with the latest session, which takes some seconds to load.
    let runs = read();
    while (runs.length === 0) runs = read();
    const [run] = runs;
    expect(run).toMatchObject({
      name: expect.stringMatching(/^bhavcopy-etl-\d{4}-\d{2}-\d{2}$/),
      status: 'FINISHED',
      params: { load_to_clickhouse: 'true' },
    });
    expect(Object.keys(run?.metrics ?? {})).toEqual(
      expect.arrayContaining([
        'scrape_duration_seconds',
        'parse_duration_seconds',
        'normalize_duration_seconds',
        'write_duration_seconds',
        'load_duration_seconds',
        'total_duration',
        'rows_processed',
        'rows_filtered',
        'validation_pass_rate',
        'anomalies_detected',
        'file_size_mb',
      ]),
    );
    const flowRun = (await (await fetch(`${platform.url}/api/flow_runs/${run?.flow_run_id}`)).json()) as {
      name: string;
    };
    expect(flowRun.name).toBe(run?.name);
  }, 120_000);
});
