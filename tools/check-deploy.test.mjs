import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repoRoot } from './build.mjs';
import { checkDeploy } from './check-deploy.mjs';
import { isSent, stagesOf } from './deploy/dockerfile.mjs';

const parts = ['deploy', '.dockerignore', 'package.json', 'apps/server/src/config.ts'];

/**
 * What is found wrong with a copy of the repository's own files in which texts were replaced.
 * @param {Record<string, readonly (readonly [string, string])[]>} changes file → what stands there, what shall
 */
function verdict(changes) {
  const root = mkdtempSync(join(tmpdir(), 'champion-deploy-'));
  try {
    for (const part of parts) cpSync(join(repoRoot, part), join(root, part), { recursive: true });
    for (const [file, replacements] of Object.entries(changes)) {
      let text = readFileSync(join(root, file), 'utf8');
      for (const [from, to] of replacements) {
        expect(text, `${file} has ${from}`).toContain(from);
        text = text.replace(from, () => to);
      }
      writeFileSync(join(root, file), text);
    }
    return checkDeploy(root).violations.map(({ file, what, rule }) => `${file} ${what}, ${rule}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const dockerfile = 'deploy/Dockerfile';
const compose = 'deploy/compose.yaml';
const example = 'deploy/.env.example';
const scraped = 'deploy/prometheus/compose.yml';
const settings = 'apps/server/src/config.ts';

it('finds nothing wrong with what is shipped', () => {
  expect(checkDeploy(repoRoot)).toEqual({ services: 7, violations: [] });
});

/** @type {[string, Record<string, readonly (readonly [string, string])[]>, string[]][]} */
const mistakes = [
  [
    'a setting that there is not',
    { [compose]: [['CHAMPION_METRICS_PORT: 9401', 'CHAMPION_METRICS_PORT: 9401\n      CHAMPION_METRIC: 1']] },
    [`${compose} worker sets CHAMPION_METRIC, ${settings} has no such setting`],
  ],
  [
    'a setting that was taken out of the product, in image and compose',
    { [settings]: [["name: 'CHAMPION_HOST'", "name: 'CHAMPION_ADDRESS'"]] },
    [`${dockerfile} ENV sets CHAMPION_HOST, ${settings} has no such setting`],
  ],
  [
    'a setting that both containers need',
    {
      [compose]: [
        ['  CLICKHOUSE_URL: http://champion:', '  SLACK_WEBHOOK_URL: http://champion:'],
        [`  SLACK_WEBHOOK_URL: \${SLACK_WEBHOOK_URL:-}\n`, ''],
      ],
    },
    ['server', 'worker'].map(
      (name) => `${compose} ${name} has no CLICKHOUSE_URL, it does not work in a container without`,
    ),
  ],
  [
    'a host in a URL that is no service',
    { [compose]: [['@postgres:5432', '@database:5432']] },
    ['server', 'worker'].map((name) => `${compose} DATABASE_URL of ${name} names database, it is no service`),
  ],
  [
    'ports that the server does not listen on',
    { [compose]: [['127.0.0.1:5000:5000', '127.0.0.1:5000:5001']] },
    [`${compose} server publishes its port 5001, it listens on 4200 and 5000`],
  ],
  [
    'ports that changed in the product',
    { [settings]: [["default: '4200'", "default: '4300'"]] },
    [
      `${dockerfile} exposes 4200 5000, the ports are 4300 and 5000`,
      `${compose} server publishes its port 4200, it listens on 4300 and 5000`,
      `${scraped} scrapes server:4200, it tells its metrics on 4300`,
    ],
  ],
  [
    'workers that together ask too much of the exchange',
    { [compose]: [['replicas: 2', 'replicas: 3']] },
    [
      `${compose} 3 of worker ask the exchange 1.5 times a second, each paces itself, and all together may ask 3 times a second`,
    ],
  ],
  [
    'a port that everybody reaches',
    { [compose]: [["'127.0.0.1:3000:3000'", "'3000:3000'"]] },
    [`${compose} grafana publishes 3000:3000, for this machine alone: 127.0.0.1:PORT:PORT`],
  ],
  [
    'mounts and secrets that are not there',
    {
      [compose]: [
        ['./grafana/provisioning:', './grafana/provisions:'],
        ['- kafka:/var', '- kafkas:/var'],
        ['[champion-api-key]', '[api-key]'],
      ],
    },
    [
      `${compose} kafka mounts kafkas, it is no volume`,
      `${compose} prometheus is given api-key, it is no secret`,
      `${compose} grafana mounts ./grafana/provisions, it is not in the repository`,
      `${scraped} champion sends the key /run/secrets/champion-api-key, the container is given /run/secrets/api-key`,
      `${scraped} champion-worker sends the key /run/secrets/champion-api-key, the container is given /run/secrets/api-key`,
    ],
  ],
  [
    'images without a version',
    {
      [compose]: [
        ['prom/prometheus:v3.5.4', 'prom/prometheus:latest'],
        ['postgres:18.6', 'postgres'],
      ],
    },
    [
      `${compose} postgres runs postgres, name a version: what runs must not change by itself`,
      `${compose} prometheus runs prom/prometheus:latest, name a version: what runs must not change by itself`,
    ],
  ],
  [
    'waiting for nobody, or for less than health',
    {
      [compose]: [
        ['postgres: { condition: service_healthy }', 'postgresql: { condition: service_healthy }'],
        ['clickhouse: { condition: service_healthy }', 'clickhouse: { condition: service_started }'],
      ],
    },
    [
      `${compose} server waits for postgresql, it is no service`,
      `${compose} server waits for clickhouse, wait until it is service_healthy`,
    ],
  ],
  [
    'passwords with a default, and an example that has one or lists too much',
    {
      [compose]: [[`\${GRAFANA_PASSWORD:?see deploy/.env.example}`, `\${GRAFANA_PASSWORD:-admin}`]],
      [example]: [['POSTGRES_PASSWORD=\n', 'POSTGRES_PASSWORD=champion\nMORE=\n']],
    },
    [
      `${compose} takes \${GRAFANA_PASSWORD:-admin}, write :? (it must be given) or :- (it may be empty)`,
      `${example} lists MORE, ${compose} does not take it`,
      `${example} gives POSTGRES_PASSWORD a value, everybody would know it`,
    ],
  ],
  [
    'a variable that the example lacks',
    { [example]: [['GRAFANA_PASSWORD=\n', '']] },
    [`${compose} takes GRAFANA_PASSWORD, ${example} does not list it`],
  ],
  [
    'scraping what is no service, elsewhere, by rules that are not there',
    {
      [scraped]: [
        ["'server:4200'", "'champion:4200'"],
        ['port: 9401', 'port: 9402'],
        ['- champion.rules.yml', '- rules.yml'],
      ],
    },
    [
      `${scraped} reads the rules rules.yml, it is not beside it`,
      `${scraped} scrapes champion, ${compose} has no such service`,
      `${scraped} scrapes worker:9402, it tells its metrics on 9401`,
    ],
  ],
  [
    'configuration that does not parse',
    { [scraped]: [['global:', 'global: [']] },
    [expect.stringContaining(`${scraped} is no YAML`)],
  ],
  [
    'a Node that is too old or not pinned',
    {
      [dockerfile]: [
        ['ARG NODE_VERSION=22.23.2', 'ARG NODE_VERSION=20.18.3'],
        [`FROM node:\${NODE_VERSION}-bookworm-slim AS build`, 'FROM node:22-slim AS build'],
      ],
    },
    [
      `${dockerfile} builds on node:22-slim, pin Node in full: node:22.23.2-bookworm-slim`,
      `${dockerfile} builds on Node 20.18.3, package.json wants 20.19 or later`,
      `${dockerfile} builds on Node 20.18.3, package.json wants 20.19 or later`,
    ],
  ],
  [
    'copies of what is not there, is not sent, or no stage has',
    {
      [dockerfile]: [
        ['COPY deploy/healthcheck.mjs', 'COPY deploy/health.mjs deploy/compose.yaml'],
        ['--from=packages', '--from=modules'],
      ],
    },
    [
      `${dockerfile} copies from modules, there is no such stage`,
      `${dockerfile} copies deploy/health.mjs, it is not in the repository`,
      `${dockerfile} copies deploy/compose.yaml, .dockerignore leaves it out`,
    ],
  ],
  [
    'root, and nobody who looks after it',
    {
      [dockerfile]: [
        ['USER node', 'USER root'],
        ['HEALTHCHECK', 'LABEL'],
      ],
    },
    [
      `${dockerfile} runs as root, end with a USER of its own`,
      `${dockerfile} has no HEALTHCHECK, who waits for the server needs it`,
    ],
  ],
];

it.each(mistakes)('finds %s', (_, changes, expected) => {
  expect(verdict(changes)).toEqual(expected);
});

it('says which file is missing', () => {
  const root = mkdtempSync(join(tmpdir(), 'champion-deploy-'));
  try {
    expect(checkDeploy(root).violations.map(({ file }) => file)).toEqual([dockerfile, compose, example, scraped]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

it('reads stages with their arguments and continued lines', () => {
  const stages = stagesOf(`ARG V=1.2.3\nFROM a:\${V} AS one\nRUN x \\\n  # why\n  && y\nFROM one\nUSER me\n`);
  expect(stages.map(({ name, base }) => [name, base])).toEqual([
    ['one', 'a:1.2.3'],
    ['1', 'one'],
  ]);
  expect(stages[0]?.instructions).toEqual([{ keyword: 'RUN', text: 'x && y', line: 3 }]);
});

it('knows what .dockerignore leaves out', () => {
  const ignore = '*\n# why\n!apps\n!deploy/one.mjs\n**/node_modules\n**/*.test.*\n';
  const sent = [
    'apps/web/x.ts',
    'deploy/one.mjs',
    'deploy/two.mjs',
    'apps/node_modules/x',
    'apps/a/x.test.ts',
    'README.md',
  ];
  expect(sent.filter((path) => isSent(ignore, path))).toEqual(['apps/web/x.ts', 'deploy/one.mjs']);
});
