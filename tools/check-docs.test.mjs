import { describe, expect, it } from 'vitest';
import { checkDocs } from './check-docs.mjs';
import { withTree } from './temp-tree.mjs';

const table = '# Dependencies\n\n| Package | Version | Why |\n|---|---|---|\n| `pg` | 8.23.1 | talks to PostgreSQL |\n';
const sound = {
  'package.json': { workspaces: ['packages/*'] },
  'packages/engine/package.json': {
    name: '@champion/engine',
    dependencies: { pg: '8.23.1', '@champion/core': '0.1.0' },
  },
  'docs/dependencies.md': table,
  'docs/decisions/README.md': '# Decisions\n\n## What `one` is, and why\n',
  'README.md': [
    '# Champion',
    'See [the list](docs/dependencies.md), [decisions](docs/decisions/), [why](docs/decisions/README.md#what-one-is-and-why),',
    '[above](#champion), [outside](https://example.com/x) and [by name][list].',
    'Not links: `[x](nowhere.md)`.',
    '```',
    '[x](nowhere.md)',
    '```',
    '[list]: docs/dependencies.md',
    '',
  ].join('\n'),
};

/** @param {Record<string, string | object>} changes */
const verdict = (changes) =>
  withTree({ ...sound, ...changes }, (tree) =>
    checkDocs(tree).violations.map(({ file, line, what, rule }) => `${file}:${line} ${what}, ${rule}`),
  );

it('finds nothing wrong where nothing is', () => {
  expect(verdict({})).toEqual([]);
});

describe('links', () => {
  it('must lead somewhere', () => {
    const page = [
      '# Here',
      '[gone](gone.md) and ![picture](./picture.png "title")',
      '[heading](#nowhere) [other](dependencies.md#nowhere)',
      '[out](../../elsewhere/x.md)',
      '[ref]: <gone.md>',
      '',
    ].join('\n');
    expect(verdict({ 'docs/page.md': page }).sort()).toEqual([
      'docs/page.md:2 links to ./picture.png, there is no such file',
      'docs/page.md:2 links to gone.md, there is no such file',
      'docs/page.md:3 links to #nowhere, there is no such heading',
      'docs/page.md:3 links to dependencies.md#nowhere, there is no such heading',
      'docs/page.md:4 links to ../../elsewhere/x.md, a link must stay inside the repository',
      'docs/page.md:5 links to gone.md, there is no such file',
    ]);
  });
});

describe('links to tests', () => {
  it('are called by the file or by words of a test in it', () => {
    const page = '[a.test.ts](../a.test.ts) [holds](../a.test.ts)\n[is gone](../a.test.ts)\n';
    expect(verdict({ 'a.test.ts': "it('holds', () => undefined);\n", 'docs/page.md': page })).toEqual([
      'docs/page.md:2 names "is gone", no test in ../a.test.ts says so',
    ]);
  });
});

describe('dependencies', () => {
  it('must be listed with a reason, at the declared version, and still be declared', () => {
    expect(
      verdict({
        'package.json': { workspaces: ['packages/*'], devDependencies: { vitest: '4.1.12', zod: '4.6.7' } },
        'docs/dependencies.md': `${table.replace('8.23.1', '8.0.0')}| \`gone\` | 1.0.0 | used to |\n| \`zod\` | 4.6.7 | |\n`,
      }),
    ).toEqual([
      'docs/dependencies.md:5 lists pg 8.0.0, packages/engine/package.json has 8.23.1',
      'docs/dependencies.md:6 lists gone, no package.json declares it: remove the row',
      'docs/dependencies.md:7 lists zod, say why it is here',
      'docs/dependencies.md:1 does not list vitest, add its row: name | version | why (declared by package.json)',
    ]);
    expect(verdict({ 'docs/dependencies.md': '' })).toContain(
      'docs/dependencies.md:1 does not list pg, add its row: name | version | why (declared by packages/engine/package.json)',
    );
  });

  it.each(['^8.23.1', '~8.23.1', '8', '8.x', '*', '>=8.0.0', 'latest'])('must be pinned, not %s', (version) => {
    expect(
      verdict({
        'packages/engine/package.json': { name: '@champion/engine', dependencies: { pg: version } },
        'docs/dependencies.md': table.replace('8.23.1', version),
      }),
    ).toEqual([`packages/engine/package.json:4 declares pg ${version}, pin one exact version, no range`]);
  });

  it('must have one version in the whole repository', () => {
    expect(
      verdict({ 'packages/lake/package.json': { name: '@champion/lake', dependencies: { pg: '8.0.0' } } }),
    ).toEqual([
      'packages/lake/package.json:4 declares pg 8.0.0, use one version everywhere: packages/engine/package.json has 8.23.1',
    ]);
  });
});

describe('settings', () => {
  const config = {
    'apps/server/src/config.ts': [
      'interface Variable { readonly name: string }',
      'export const variables = [',
      "  { name: 'CHAMPION_HOME', default: './data', meaning: 'The folder ' + 'of everything.' },",
      "  { name: 'DATABASE_URL', default: undefined, meaning: 'PostgreSQL.' },",
      '] as const satisfies readonly Variable[];',
      '',
    ].join('\n'),
  };
  const home = '| `CHAMPION_HOME` | `./data` | The folder of everything. |\n';
  const database = '| `DATABASE_URL` | | PostgreSQL. |\n';

  it('are told in the words of the source', () => {
    expect(verdict({ ...config, 'docs/configuration.md': home + database })).toEqual([]);
  });

  it('are all told, and no others', () => {
    const page = `${home.replace('./data', './d')}| \`OLD_URL\` | | Gone. |\n`;
    expect(verdict({ ...config, 'docs/configuration.md': page })).toEqual([
      'docs/configuration.md:1 tells CHAMPION_HOME otherwise, write as apps/server/src/config.ts:3 does: | `CHAMPION_HOME` | `./data` | The folder of everything. |',
      'docs/configuration.md:1 does not list DATABASE_URL, write as apps/server/src/config.ts:4 does: | `DATABASE_URL` |  | PostgreSQL. |',
      'docs/configuration.md:2 lists OLD_URL, apps/server/src/config.ts has no such setting',
    ]);
    expect(verdict(config)).toHaveLength(2);
  });

  it('must be in a table', () => {
    expect(verdict({ 'apps/server/src/config.ts': 'export const parseEnv = () => process.env;\n' })).toEqual([
      'apps/server/src/config.ts:1 has no settings, it exports `variables`, the table that docs/configuration.md shows',
    ]);
  });
});
