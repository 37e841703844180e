import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../model.ts';
import { type Harness, startHarness } from '../testing/harness.ts';
import { compileSearch, parseSearch, type RunSearch } from './compile-search.ts';

let harness: Harness;
const experiments: string[] = [];
let all: readonly Run[];

beforeAll(async () => {
  harness = await startHarness();
  const { store } = harness;
  for (const name of ['a', 'b', 'c']) experiments.push(await store.createExperiment({ name }));
  for (let n = 0; n < 120; n++) {
    const experimentId = experiments[n % 5 === 0 ? 1 : 0] ?? '';
    const { runId } = await store.createRun({
      experimentId,
      runName: `run-${n % 10}`,
      userId: n % 3 === 0 ? 'asha' : 'ravi',
      startTime: 1_000 + (n % 17),
    });
    const loss = [n / 10, Number.NaN, Number.POSITIVE_INFINITY, -n, 0][n % 6];
    await store.logBatch(runId, {
      metrics: [
        ...(loss === undefined ? [] : [{ key: 'loss', value: loss, timestamp: 1, step: 0 }]),
        ...(n % 4 === 0 ? [] : [{ key: 'a b/c', value: n % 7, timestamp: 1, step: 0 }]),
      ],
      params: { model: ['tree', 'Forest', "o'brien", '100%'][n % 4] ?? '', ...(n % 2 ? { depth: String(n) } : {}) },
      tags: n % 3 ? { outcome: n % 2 ? 'LOADED' : 'MISSING' } : {},
    });
    if (n % 5 === 1) await store.updateRun(runId, { status: 'FINISHED', endTime: 2_000 + n });
    if (n % 40 === 7) await store.deleteRun(runId);
  }
  all = (await store.searchRuns({ experimentIds: experiments, view: 'all' })).items;
});
afterAll(() => harness?.stop());

const took = ({ startTime, endTime }: Run) => (endTime === null ? undefined : endTime - startTime);
const value = (run: Run, key: string) => run.metrics.find((metric) => metric.key === key)?.value;
const search = (asked: Partial<RunSearch>) => harness.store.searchRuns({ experimentIds: experiments, ...asked });
const count = async (filter: string) => (await search({ filter })).items.length;
const active = (keep: (run: Run) => boolean) =>
  all.filter((run) => run.lifecycleStage === 'active' && keep(run)).length;

async function everyPage(asked: Partial<RunSearch>): Promise<Run[]> {
  const runs: Run[] = [];
  for (let pageToken: string | undefined; ; ) {
    const page = await search({ ...asked, pageToken });
    runs.push(...page.items);
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return runs;
    expect(page.items).toHaveLength(asked.maxResults ?? 1_000);
  }
}

describe('a search', () => {
  it('gives the newest first, of the experiments asked for, the deleted apart', async () => {
    expect(all).toHaveLength(120);
    const expected = [...all].sort((x, y) => y.startTime - x.startTime || (x.runId < y.runId ? -1 : 1));
    expect(all.map(({ runId }) => runId)).toEqual(expected.map(({ runId }) => runId));
    expect((await search({})).items).toHaveLength(117);
    expect((await search({ view: 'deleted' })).items).toHaveLength(3);
    expect((await search({ experimentIds: experiments.slice(1, 2) })).items).toHaveLength(24);
    expect((await search({ experimentIds: [] })).items).toEqual([]);
    expect((await search({ experimentIds: ['77777'] })).items).toEqual([]);
    await expect(search({ experimentIds: ['x'] })).rejects.toThrow(/valid integer/);
    await expect(search({ maxResults: 50_001 })).rejects.toThrow(/max_results/);
    await expect(search({ maxResults: 0 })).rejects.toThrow(/max_results/);
  });

  it('filters by metrics, NaN being different from every number and beyond comparison', async () => {
    const loss = (test: (given: number) => boolean) => (run: Run) => {
      const given = value(run, 'loss');
      return given !== undefined && test(given);
    };
    expect(await count('metrics.loss > 2')).toBe(active(loss((x) => x > 2)));
    expect(await count('metrics.loss >= 0')).toBe(active(loss((x) => x >= 0)));
    expect(await count('metrics.loss < 0')).toBe(active(loss((x) => x < 0)));
    expect(await count('metrics.loss <= 0')).toBe(active(loss((x) => x <= 0)));
    expect(await count('metrics.loss = 0')).toBe(active(loss((x) => x === 0)));
    expect(await count('metrics.loss != 0')).toBe(active(loss((x) => x !== 0)));
    expect(await count('metrics.`a b/c` = 3 AND metric.loss > -1e300')).toBe(
      active((run) => value(run, 'a b/c') === 3 && loss((x) => x > -1e300)(run)),
    );
    expect(await count('metrics.none > 0')).toBe(0);
  });

  it('filters by parameters and tags', async () => {
    expect(await count("params.model = 'tree'")).toBe(active(({ params }) => params.model === 'tree'));
    expect(await count("params.model != 'tree'")).toBe(active(({ params }) => params.model !== 'tree'));
    expect(await count('params.model = "o\'brien"')).toBe(active(({ params }) => params.model === "o'brien"));
    expect(await count("params.model LIKE 'f%'")).toBe(0);
    expect(await count("params.model ILIKE 'f%'")).toBe(active(({ params }) => params.model === 'Forest'));
    expect(await count("params.model LIKE '100\\%'")).toBe(0);
    expect(await count("params.model LIKE '%\\'")).toBe(0);
    expect(await count("tags.outcome != 'LOADED'")).toBe(active(({ tags }) => tags.outcome === 'MISSING'));
    expect(await count('tags.outcome IS NULL')).toBe(active(({ tags }) => tags.outcome === undefined));
    expect(await count('params.depth IS NOT NULL')).toBe(active(({ params }) => params.depth !== undefined));
    expect(await count("tags.`mlflow.runName` = 'run-3'")).toBe(active(({ runName }) => runName === 'run-3'));
  });

  it('filters by attributes', async () => {
    expect(await count("status = 'FINISHED'")).toBe(active(({ status }) => status === 'FINISHED'));
    expect(await count("attributes.status != 'FINISHED'")).toBe(active(({ status }) => status !== 'FINISHED'));
    expect(await count("run_name LIKE '%-4' AND user_id = 'asha'")).toBe(
      active(({ runName, userId }) => runName === 'run-4' && userId === 'asha'),
    );
    expect(await count('start_time >= 1010')).toBe(active(({ startTime }) => startTime >= 1_010));
    expect(await count('created < 1010.5')).toBe(active(({ startTime }) => startTime < 1_010.5));
    expect(await count('start_time < 1e30')).toBe(117);
    expect(await count('end_time > 0')).toBe(active(({ endTime }) => endTime !== null));
    expect(await count('duration >= 1050')).toBe(active((run) => (took(run) ?? 0) >= 1_050));
    const ids = all.slice(0, 3).map(({ runId }) => `'${runId}'`);
    expect((await search({ filter: `run_id IN (${ids})`, view: 'all' })).items).toHaveLength(3);
    expect((await search({ filter: `run_id NOT IN (${ids})`, view: 'all' })).items).toHaveLength(117);
    expect(await count(`artifact_uri LIKE 'mlflow-artifacts:/${experiments[1]}/%'`)).toBe(
      active(({ experimentId }) => experimentId === experiments[1]),
    );
  });

  it('orders by anything, page by page, as a sort in memory does', async () => {
    const fields = [
      { text: 'metrics.loss', of: (run: Run) => value(run, 'loss') },
      { text: 'metrics.`a b/c`', of: (run: Run) => value(run, 'a b/c') },
      { text: 'params.depth', of: (run: Run) => run.params.depth },
      { text: 'params.model', of: (run: Run) => run.params.model },
      { text: 'tags.outcome', of: (run: Run) => run.tags.outcome },
      { text: 'start_time', of: (run: Run) => run.startTime },
      { text: 'end_time', of: (run: Run) => run.endTime ?? undefined },
      { text: 'duration', of: took },
      { text: 'run_name', of: (run: Run) => run.runName },
      { text: 'metrics.none', of: () => undefined },
    ];
    const filters: { text: string; keep: (run: Run) => boolean }[] = [
      { text: '', keep: () => true },
      { text: 'metrics.loss <= 5', keep: (run) => (value(run, 'loss') ?? Number.NaN) <= 5 },
      { text: 'metrics.loss != 0', keep: (run) => value(run, 'loss') !== undefined && value(run, 'loss') !== 0 },
      { text: "params.model LIKE '%e%'", keep: ({ params }) => params.model?.includes('e') ?? false },
    ];
    const term = fc.tuple(fc.constantFrom(...fields), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(term, { maxLength: 3, selector: ([field]) => field.text }),
        fc.constantFrom(...filters),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(experiments, experiments.slice(0, 1)),
        async (terms, filter, maxResults, experimentIds) => {
          const orderBy = terms.map(([field, ascending]) => `${field.text} ${ascending ? 'ASC' : 'DESC'}`);
          const found = await everyPage({ experimentIds, filter: filter.text, orderBy, maxResults });
          const expected = all
            .filter((run) => run.lifecycleStage === 'active' && experimentIds.includes(run.experimentId))
            .filter(filter.keep)
            .sort((x, y) => {
              for (const [{ of }, ascending] of terms) {
                const difference = compare(of(x), of(y), ascending);
                if (difference !== 0) return difference;
              }
              return y.startTime - x.startTime || (x.runId < y.runId ? -1 : 1);
            });
          expect(found.map(({ runId }) => runId)).toEqual(expected.map(({ runId }) => runId));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds the same, whether the runs that match are looked up first or met on the way', async () => {
    for (const filter of [
      'metrics.loss > 2',
      'metrics.loss != 0 AND metrics.`a b/c` < 5',
      "metrics.loss < 0 AND user_id = 'asha'",
    ]) {
      for (const orderBy of [[], ['metrics.`a b/c` DESC'], ['metrics.loss ASC']]) {
        const asked = { experimentIds: experiments, filter, orderBy };
        const { text, values } = compileSearch(parseSearch(asked));
        const met = await harness.sql<{ run_id: string }>(text, [...values]);
        expect((await search(asked)).items.map(({ runId }) => runId)).toEqual(met.map(({ run_id }) => run_id));
        expect(met.length).toBeGreaterThan(0);
      }
    }
  });

  it('takes only its own page tokens', async () => {
    const { nextPageToken = '' } = await search({ maxResults: 5, orderBy: ['metrics.loss DESC'] });
    expect(
      (await search({ maxResults: 7, orderBy: ['metrics.loss DESC'], pageToken: nextPageToken })).items,
    ).toHaveLength(7);
    await expect(search({ orderBy: ['metrics.loss ASC'], pageToken: nextPageToken })).rejects.toThrow(/page token/);
    const { of, after } = JSON.parse(Buffer.from(nextPageToken, 'base64url').toString());
    const forged = (values: unknown) => Buffer.from(JSON.stringify({ of, after: values })).toString('base64url');
    for (const values of [
      ["1'; DROP TABLE tracking.runs; --", after[1], after[2]],
      [after[0], 1.5, after[2]],
      [after[0], null, after[2]],
      [after[0], after[1], 5],
      [after[0], after[1], 'x\u0000'],
      [after[0]],
      { n: 1 },
    ]) {
      const asked = search({ orderBy: ['metrics.loss DESC'], pageToken: forged(values) });
      await expect(asked).rejects.toThrow(/Invalid page token/);
    }
    for (const pageToken of ['x', 'bnVsbA', '%%%']) {
      await expect(search({ pageToken })).rejects.toThrow(/Invalid page token/);
    }
  });
});

describe('what looks like SQL', () => {
  const attempts = [
    "'; DROP TABLE tracking.runs; --",
    "' OR '1'='1",
    "x') OR (1=1",
    '"; DELETE FROM tracking.params; --',
    "\\'; SELECT pg_sleep(10); --",
    '$1',
    '%',
    '/* */ UNION SELECT * FROM tracking.tags',
  ];

  it('is only text, as a key and as a value', async () => {
    for (const attempt of attempts) {
      const [single, tick] = [attempt.replaceAll("'", "''"), attempt.replaceAll('`', '``')];
      for (const filter of [
        `params.model = '${single}'`,
        `tags.\`${tick}\` != '${single}'`,
        `params.\`${tick}\` IS NOT NULL`,
        `metrics.\`${tick}\` > 0`,
        `run_name = '${single}'`,
        `run_id IN ('${single}')`,
      ]) {
        expect(await count(filter)).toBe(0);
      }
      expect((await search({ orderBy: [`metrics.\`${tick}\` DESC`, `params.\`${tick}\``] })).items).toHaveLength(117);
      const history = await harness.store.metricHistory({ runId: all[0]?.runId ?? '', key: attempt });
      expect(history.items).toEqual([]);
    }
    expect((await search({ view: 'all' })).items).toHaveLength(120);
  });

  it('is stored as it is', async () => {
    const { store } = harness;
    const { runId } = await store.createRun({ experimentId: experiments[2] ?? '', runName: attempts[0] });
    await store.logBatch(runId, { tags: Object.fromEntries(attempts.map((attempt, n) => [`t${n}`, attempt])) });
    const { tags, runName } = await store.getRun(runId);
    expect(runName).toBe(attempts[0]);
    expect(attempts.map((_, n) => tags[`t${n}`])).toEqual(attempts);
    for (const [n, attempt] of attempts.entries()) {
      const filter = `tags.t${n} = '${attempt.replaceAll("'", "''")}'`;
      expect((await search({ filter })).items.map((run) => run.runId)).toEqual([runId]);
    }
    await store.deleteRun(runId);
  });
});

/** Missing values last, NaN before them, whichever the direction. */
function compare(x: string | number | undefined, y: string | number | undefined, ascending: boolean): number {
  const rank = (given: string | number | undefined) => (given === undefined ? 2 : Number.isNaN(given) ? 1 : 0);
  if (rank(x) !== rank(y)) return rank(x) - rank(y);
  if (x === undefined || y === undefined || rank(x) === 1 || x === y) return 0;
  return x < y === ascending ? -1 : 1;
}
