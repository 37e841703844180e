import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repoRoot } from './build.mjs';
import { dashboards } from './dashboards/index.mjs';
import { toGrafana } from './dashboards/panel.mjs';
import { dashboardFiles, dashboardFolder } from './generate-dashboards.mjs';

/** Of Grafana's list, those in use: a unit that it does not know is shown as text behind the number. */
const UNITS = [
  'none',
  'short',
  's',
  'bytes',
  'Bps',
  'percentunit',
  'reqps',
  'rowsps',
  'dateTimeAsIso',
  'dateTimeFromNow',
];

const read = (/** @type {string} */ path) => readFileSync(join(repoRoot, path), 'utf8');
const panels = dashboards.flatMap(({ title, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => ({ ...panel, where: `${title} / ${panel.title}` }))),
);
const rules = read('deploy/prometheus/champion.rules.yml');
/** Names of series that our own metrics have, from the page that a test holds against them. */
const series = new Set(
  [...read('docs/metrics.md').matchAll(/^\| `([a-z_0-9]+)` \| (\w+)/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
  ),
);

test('the files are what the definitions say; if not: npm run generate', () => {
  const files = dashboardFiles();
  expect(readdirSync(join(repoRoot, dashboardFolder)).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(read(`${dashboardFolder}/${name}`) === text, name).toBe(true);
});

test('every panel says what it shows, in a unit that Grafana knows', () => {
  for (const { where, description, unit, queries } of panels) {
    expect(description, where).toMatch(/^.{10,}\.$/s);
    expect(UNITS, where).toContain(unit);
    expect(queries.length, where).toBeGreaterThan(0);
    // Several queries of one panel can't be told apart without words.
    if (queries.length > 1) for (const { legend } of queries) expect(legend, where).toBeTruthy();
  }
  expect(new Set(panels.map(({ where }) => where)).size).toBe(panels.length);
});

test('panels lie beside each other, not on each other', () => {
  for (const dashboard of dashboards) {
    const { panels: laid } =
      /** @type {{ panels: { id: number, gridPos: Record<'x' | 'y' | 'w' | 'h', number> }[] }} */ (
        toGrafana(dashboard)
      );
    const cells = laid.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size, dashboard.title).toBe(cells.length);
    expect(new Set(laid.map(({ id }) => id)).size).toBe(laid.length);
    for (const { gridPos } of laid) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  }
});

describe('what is asked for is told:', () => {
  test.each(panels.flatMap(({ where, queries }) => queries.map(({ expr }) => ({ where, expr }))))(
    '$where',
    ({ expr }) => {
      const named = expr.match(/\b(champion|process|nodejs)_\w+/g) ?? [];
      expect(named.filter((name) => !series.has(name))).toEqual([]);
    },
  );

  test('the alert rules', () => {
    const exprs = [...rules.matchAll(/^ +expr: *(>-\n(?: {10,}.*\n)+|.*\n)/gm)].map(([, expr = '']) => expr);
    expect(exprs.length).toBe(rules.match(/- alert:/g)?.length);
    const named = exprs.join().match(/\bchampion_\w+/g) ?? [];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !series.has(name))).toEqual([]);
  });
});

test('every alert has a severity, says what to do, and is tested', () => {
  const tests = read('deploy/prometheus/champion.rules.test.yml');
  for (const rule of rules.split('- alert: ').slice(1)) {
    const name = /^\w+/.exec(rule)?.[0] ?? '';
    for (const part of ['severity: ', 'summary: ', 'description: ', 'runbook: ']) {
      expect(rule.split(part).length, `${name}: ${part}`).toBe(2);
    }
    expect(tests, name).toContain(name);
  }
});
