// The second half of deploy/prometheus/check, which sees to it that Prometheus is there.
//
// - promtool: configuration, rules, the rules' tests and, of a running server, the form of its metrics.
// - A real Prometheus scrapes the server: every rule must evaluate, and every query of every dashboard must give a number,
//   unless its panel says why it may not.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { repoRoot } from './build.mjs';
import { dashboards } from './dashboards/index.mjs';

const folder = join(repoRoot, 'deploy/prometheus');
const CONFIG = 'prometheus.yml';
const RULES = 'champion.rules.yml';
/** A scrape takes some of a second; the queries need a few of them. */
const SCRAPE_SECONDS = 2;
const ANSWER_MS = 10_000;
const RUN_MS = 300_000;
const SETTLE_MS = 90_000;
/** What Grafana puts in place of its own variables; a rate needs some scrapes to lie in its range. */
const VARIABLES = { $__rate_interval: '1m', $__range: '1h' };
/** Metrics of rules that need not have a series: an alert on them waits for one. */
const MAY_BE_ABSENT = ['champion_flow_last_run_duration_seconds'];

const { values: given } = parseArgs({
  options: {
    url: { type: 'string' },
    run: { type: 'string', multiple: true, default: [] },
    worker: { type: 'string', multiple: true, default: [] },
  },
});
const key = process.env.CHAMPION_API_KEY ?? '';
const headers = key === '' ? undefined : { authorization: `Bearer ${key}` };
/** @type {string[]} */
const failures = [];

promtool(['check', 'config', CONFIG]);
// The key that it names is in the container only.
promtool(['check', 'config', '--syntax-only', 'compose.yml']);
promtool(['check', 'rules', RULES]);
promtool(['test', 'rules', RULES.replace('.yml', '.test.yml')]);
if (given.url !== undefined) {
  // What keeps the check from going on is one of its findings, and those before it are told too.
  await checkLive(given.url.replace(/\/+$/, '')).catch((error) => failures.push(String(error)));
}
for (const failure of failures) console.error(`failed: ${failure}`);
console.log(failures.length === 0 ? 'prometheus: all is well' : `prometheus: ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** @param {readonly string[]} args @param {string} [input] */
function promtool(args, input) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8', input });
  // It says nothing, and succeeds, where a metric is fine; what it only advises against counts too.
  const complaints = args[1] === 'metrics' ? `${stdout}${stderr}`.trim() : '';
  console.log(`promtool ${args.join(' ')}: ${status === 0 && complaints === '' ? 'well' : 'FAILED'}`);
  if (status !== 0 || complaints !== '') failures.push(`promtool ${args.join(' ')}\n${stdout}${stderr}`);
}

/** @param {string} url */
async function checkLive(url) {
  promtool(['check', 'metrics'], await text(`${url}/metrics`));
  const home = mkdtempSync(join(tmpdir(), 'champion-prometheus-'));
  const port = await freePort();
  const prometheus = `http://127.0.0.1:${port}`;
  const instance = new URL(url).host;
  const config = writeConfig(home, instance);
  const server = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));
  process.once('exit', () => {
    server.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  try {
    await until(`Prometheus scrapes ${instance}`, async () => {
      const [up] = await query(prometheus, 'up{job="champion"}');
      return up === 1;
    });
    await until(`Prometheus scrapes ${given.worker.length} workers`, async () => {
      const up = await query(prometheus, 'up{job="champion-worker"} == 1');
      return up.length === given.worker.length;
    });
    for (const name of given.run) await run(url, name);
    // The server looks at its datasets every 15 s, not at each scrape.
    if (given.run.length > 0) {
      await until('the datasets are told', async () => (await query(prometheus, 'champion_dataset_rows')).length > 0);
    }
    // The series of what just ran must be there twice before they can be seen to grow.
    await sleep(3 * SCRAPE_SECONDS * 1000);
    await checkRules(prometheus);
    await checkDashboards(prometheus, instance);
  } finally {
    server.kill('SIGTERM');
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
  }
}

/** What is shipped, with the server's address and a shorter pause between scrapes. @param {string} home @param {string} instance */
function writeConfig(home, instance) {
  const shipped = readFileSync(join(folder, CONFIG), 'utf8');
  const replaced = shipped
    .replaceAll('15s', `${SCRAPE_SECONDS}s`)
    .replace("'127.0.0.1:4200'", `'${instance}'`)
    .replace(/^( *)# (authorization:)\n\1# ( +credentials_file:)/gm, key === '' ? '$&' : '$1$2\n$1$3');
  if (!replaced.includes(`'${instance}'`)) throw new Error(`${CONFIG} has no target 127.0.0.1:4200 to replace`);
  for (const name of [RULES, 'workers']) cpSync(join(folder, name), join(home, name), { recursive: true });
  if (given.worker.length > 0) {
    writeFileSync(join(home, 'workers/workers.json'), JSON.stringify([{ targets: given.worker }]));
  }
  writeFileSync(join(home, 'champion-api-key'), key, { mode: 0o600 });
  writeFileSync(join(home, CONFIG), replaced);
  return join(home, CONFIG);
}

/** Every rule evaluates, and what it speaks of is told. @param {string} prometheus */
async function checkRules(prometheus) {
  await until('the rules have been evaluated', async () => {
    const rules = await rulesOf(prometheus);
    return rules.length > 0 && rules.every(({ health }) => health !== 'unknown');
  });
  const rules = await rulesOf(prometheus);
  for (const { name, health, lastError } of rules) if (health !== 'ok') failures.push(`rule ${name}: ${lastError}`);
  const names = new Set(rules.flatMap((rule) => rule.query.match(/\bchampion_\w+/g) ?? []));
  for (const name of names) {
    if (MAY_BE_ABSENT.includes(name)) continue;
    if ((await query(prometheus, `count(${name})`)).length === 0) failures.push(`rules speak of ${name}: no series`);
  }
  console.log(`${rules.length} rules evaluated, of ${names.size} metrics`);
}

/** @param {string} prometheus @returns {Promise<{ name: string, query: string, health: string, lastError?: string }[]>} */
async function rulesOf(prometheus) {
  const { data } = JSON.parse(await text(`${prometheus}/api/v1/rules`));
  return data.groups.flatMap((/** @type {{ rules: unknown[] }} */ { rules }) => rules);
}

/** @param {string} prometheus @param {string} instance */
async function checkDashboards(prometheus, instance) {
  let asked = 0;
  for (const { title: dashboard, rows } of dashboards) {
    for (const panel of rows.flatMap(({ panels }) => panels)) {
      for (const { expr } of panel.queries) {
        asked++;
        const what = `${dashboard} / ${panel.title}: ${expr}`;
        try {
          const found = await query(prometheus, filled(expr, instance));
          if (found.some(Number.isFinite)) continue;
          if (panel.mayBeEmpty === undefined) {
            failures.push(`${what}\n  gives ${found.length === 0 ? 'nothing' : 'no number'}`);
          } else {
            console.log(`no data, as ${panel.mayBeEmpty}: ${dashboard} / ${panel.title}`);
          }
        } catch (error) {
          failures.push(`${what}\n  ${/** @type {Error} */ (error).message}`);
        }
      }
    }
  }
  console.log(`${asked} queries of ${dashboards.length} dashboards asked`);
}

/** @param {string} expr @param {string} instance */
function filled(expr, instance) {
  const variables = Object.entries({ ...VARIABLES, $instance: instance });
  const text = variables.reduce((rest, [name, value]) => rest.replaceAll(name, value), expr);
  if (text.includes('$')) throw new Error('it has a variable that this check does not know');
  return text;
}

/** The present values of an expression. @param {string} prometheus @param {string} expr @returns {Promise<number[]>} */
async function query(prometheus, expr) {
  const body = new URLSearchParams({ query: expr });
  const answer = await fetch(`${prometheus}/api/v1/query`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const { status, error, data } = JSON.parse(await answer.text());
  if (status !== 'success') throw new Error(error);
  if (data.resultType === 'scalar') return [Number(data.result[1])];
  return data.result.map((/** @type {{ value: [number, string] }} */ { value }) => Number(value[1]));
}

/** Has the server run a deployment to its end. @param {string} url @param {string} deployment "flow/name" */
async function run(url, deployment) {
  const api = `${url}/api`;
  const { id } = JSON.parse(await text(`${api}/deployments/name/${deployment}`));
  const created = await fetch(`${api}/deployments/${id}/create_flow_run`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!created.ok) throw new Error(`${deployment} could not be run: ${created.status} ${await created.text()}`);
  const { id: runId } = JSON.parse(await created.text());
  let state = '';
  await until(
    `${deployment} has ended`,
    async () => {
      ({ state_type: state } = JSON.parse(await text(`${api}/flow_runs/${runId}`)));
      return ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'].includes(state);
    },
    RUN_MS,
  );
  console.log(`${deployment} ended ${state}`);
  if (state !== 'COMPLETED') failures.push(`the run of ${deployment} ended ${state}`);
}

/** @param {string} url */
async function text(url) {
  const answer = await fetch(url, { ...(headers && { headers }), signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return answer.text();
}

/** @param {string} what @param {() => Promise<boolean>} holds @param {number} [withinMs] */
async function until(what, holds, withinMs = SETTLE_MS) {
  const deadline = Date.now() + withinMs;
  let last = 'it does not';
  while (Date.now() < deadline) {
    try {
      if (await holds()) return;
    } catch (error) {
      last = /** @type {Error} */ (error).message;
    }
    await sleep(500);
  }
  throw new Error(`waited ${withinMs / 1000} s until ${what}: ${last}`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
