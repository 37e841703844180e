import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkImports } from './check-imports.mjs';
import { withTree } from './temp-tree.mjs';

const root = { workspaces: ['packages/*', 'apps/*'], devDependencies: { vitest: '4.1.12' } };

/** @param {string} short @param {Record<string, string>} [dependencies] */
const manifest = (short, dependencies = {}) => ({ name: `@champion/${short}`, dependencies });

/** A repository in which everything is right. */
const sound = {
  'package.json': root,
  'packages/core/package.json': manifest('core', { zod: '4.6.7' }),
  'packages/core/src/index.ts': "import { z } from 'zod';\nexport const x = z;\n",
  'packages/engine/package.json': manifest('engine', { '@champion/core': '0.1.0', pg: '8.0.0' }),
  'packages/engine/src/index.ts':
    "import { join } from 'node:path';\nimport pg from 'pg';\nimport { x } from '@champion/core';\nexport * from './run.ts';\nexport const y = [join, pg, x];\n",
  'packages/engine/src/run.ts':
    "import sql from './sql/0001-init.sql';\n// import x from 'left-pad';\nexport const text = `import '@champion/flows'` + sql;\n",
  'packages/engine/src/run.test.ts':
    "import { it } from 'vitest';\nimport '@champion/server';\nimport { bundle } from '../../../tools/build.mjs';\nit('', () => bundle);\n",
  'apps/server/package.json': manifest('server', { '@champion/core': '0.1.0', '@champion/engine': '0.1.0' }),
  'apps/server/src/index.ts': "export { x } from '@champion/core';\nexport { y } from '@champion/engine';\n",
  'apps/cli/package.json': manifest('cli', { '@champion/server': '0.1.0' }),
  'apps/cli/src/main.ts':
    "import type { Up } from '@champion/server';\nexport const up = async (): Promise<Up> => (await import('@champion/server')).y;\n",
  'apps/cli/bin/champion.mjs': "import '../../../dist/champion.js';\n",
  'bench/main.ts': "import '@champion/engine';\n",
  'tools/build.mjs': "export const bundle = () => import('vitest');\n",
};

/**
 * What the check says of the sound repository with these files changed.
 * @param {Record<string, string | object>} changes
 */
const verdict = (changes) =>
  withTree({ ...sound, ...changes }, (tree) =>
    checkImports(tree).violations.map(({ file, line, what, rule }) => `${file}:${line} ${what}, ${rule}`),
  );

it('finds nothing wrong where nothing is', () => {
  expect(verdict({})).toEqual([]);
});

describe('between packages', () => {
  it('refuses a direction that is not in the table, in code and in the manifest', () => {
    expect(
      verdict({
        'packages/core/package.json': manifest('core', { zod: '4.6.7', '@champion/engine': '0.1.0' }),
        'packages/core/src/index.ts':
          "import { z } from 'zod';\nexport { y } from '@champion/engine';\nexport { z };\n",
      }),
    ).toEqual([
      'packages/core/src/index.ts:2 imports "@champion/engine", core may import no other package',
      'packages/core/package.json:5 declares @champion/engine, core may import no other package',
    ]);
  });

  it.each([
    ['type import', "import type { y } from '@champion/server';"],
    ['type in place', "export type Y = import('@champion/server').Y;"],
    ['export', "export * from '@champion/server';"],
    ['dynamic import', "export const y = import('@champion/server');"],
    ['require', "export const y = require('@champion/server');"],
  ])('sees a %s', (_, code) => {
    expect(verdict({ 'packages/engine/src/run.ts': `\n\n${code}\n` })).toEqual([
      'packages/engine/src/run.ts:3 imports "@champion/server", engine may import only core',
    ]);
  });

  it('lets a lazy edge be crossed only lazily', () => {
    expect(verdict({ 'apps/cli/src/main.ts': "export { y } from '@champion/server';\n" })).toEqual([
      'apps/cli/src/main.ts:1 imports "@champion/server", cli may import server only lazily, by import()',
    ]);
  });

  it.each([
    ['../../core/src/index.ts', 'a relative path must stay in its own package; import another one by its name'],
    ['../../../tools/build.mjs', 'a relative path must stay in its own package; import another one by its name'],
    ['@champion/core/src/index.ts', 'a package is what its index exports: import "@champion/core"'],
    ['@champion/engine', 'inside a package imports are relative'],
    ['@champion/nowhere', 'there is no such package in this repository'],
    ['./sql', 'a relative path names the file with its extension'],
    ['./run.test.ts', 'what is for tests only tests import'],
    ['./testing/server.ts', 'what is for tests only tests import'],
  ])('refuses %s', (specifier, rule) => {
    expect(verdict({ 'packages/engine/src/run.ts': `import '${specifier}';\n` })).toEqual([
      `packages/engine/src/run.ts:1 imports "${specifier}", ${rule}`,
    ]);
  });

  it('wants every import declared and every declaration used', () => {
    expect(verdict({ 'apps/server/package.json': manifest('server', { '@champion/engine': '0.1.0' }) })).toEqual([
      'apps/server/src/index.ts:1 imports "@champion/core", declare it in the dependencies of apps/server/package.json',
    ]);
    expect(verdict({ 'apps/server/src/index.ts': "export { x } from '@champion/core';\n" })).toEqual([
      'apps/server/package.json:5 declares @champion/engine but its sources do not import it, remove it (tests need not declare it)',
    ]);
  });

  it('wants rules for every package', () => {
    expect(verdict({ 'packages/extra/package.json': { name: 'extra' } })).toEqual([
      'packages/extra/package.json:1 is a package without import rules, give extra its row in mayImport of tools/check-imports.mjs',
      'packages/extra/package.json:2 is named "extra", a package is named after its folder: @champion/extra',
    ]);
  });
});

describe('third parties', () => {
  it('must be declared by who imports them', () => {
    expect(
      verdict({ 'apps/server/src/index.ts': `${sound['apps/server/src/index.ts']}import 'pg/lib/type.js';\n` }),
    ).toEqual([
      'apps/server/src/index.ts:3 imports "pg/lib/type.js", declare it in the dependencies of apps/server/package.json',
    ]);
    expect(verdict({ 'tools/build.mjs': "import 'pg';\n" })).toEqual([
      'tools/build.mjs:1 imports "pg", declare it in the root\'s devDependencies',
    ]);
    expect(verdict({ 'packages/engine/src/run.test.ts': "import 'left-pad';\n" })).toEqual([
      'packages/engine/src/run.test.ts:1 imports "left-pad", declare it in packages/engine/package.json, or in the root\'s devDependencies if tests alone need it',
    ]);
  });

  it('are for tests alone when the root declares them for development', () => {
    expect(verdict({ 'packages/engine/src/run.ts': "import 'vitest';\n" })).toEqual([
      'packages/engine/src/run.ts:1 imports "vitest", declare it in the dependencies of packages/engine/package.json',
    ]);
  });

  it('are also for what builds and shows a package when that declares them for development', () => {
    const withVite = { ...manifest('server', { '@champion/engine': '0.1.0' }), devDependencies: { vite: '8.0.0' } };
    const engine = "import { y } from '@champion/engine';\nexport const z = y;\n";
    const files = { 'apps/server/package.json': withVite, 'apps/server/src/index.ts': engine };
    expect(verdict({ ...files, 'apps/server/vite.config.ts': "import 'vite';\n" })).toEqual([]);
    expect(verdict({ ...files, 'apps/server/vite.other.config.ts': "import 'vite';\n" })).toEqual([]);
    expect(verdict({ ...files, 'apps/server/dev/shots.mjs': "import 'vite';\n" })).toEqual([]);
    expect(verdict({ ...files, 'apps/server/measure/a.mjs': "import '../../../tools/build.mjs';\n" })).toEqual([]);
    expect(verdict({ ...files, 'apps/server/src/dev.ts': "import 'vite';\n" })).toEqual([
      'apps/server/src/dev.ts:1 imports "vite", declare it in the dependencies of apps/server/package.json',
    ]);
  });

  it('may be limited to one package, and one package to some of them', () => {
    const dbos = { '@champion/core': '0.1.0', '@champion/engine': '0.1.0', '@dbos-inc/dbos-sdk': '5.3.0' };
    expect(
      verdict({
        'apps/server/package.json': manifest('server', dbos),
        'apps/server/src/index.ts': `${sound['apps/server/src/index.ts']}import '@dbos-inc/dbos-sdk';\n`,
        'packages/core/package.json': manifest('core', { zod: '4.6.7', pg: '8.0.0' }),
        'packages/core/src/index.ts': "import 'zod';\nimport 'pg';\n",
      }),
    ).toEqual([
      'packages/core/src/index.ts:2 imports "pg", core may import from third parties only zod',
      'apps/server/src/index.ts:3 imports "@dbos-inc/dbos-sdk", only engine may import @dbos-inc/dbos-sdk',
    ]);
  });
});

it('says which file is no program', () => {
  expect(verdict({ 'packages/engine/src/run.ts': 'export const = ;\n' })).toEqual([
    expect.stringMatching(
      /^packages\/engine\/src\/run\.ts:1 cannot be parsed \(.+\), every source file must be a program$/,
    ),
  ]);
});

it('prints each violation on a line and exits with 1', () => {
  const script = fileURLToPath(new URL('check-imports.mjs', import.meta.url));
  /** @param {Record<string, string | object>} files */
  const run = (files) => withTree(files, (tree) => spawnSync(process.execPath, [script, tree], { encoding: 'utf8' }));
  expect(run(sound)).toMatchObject({ status: 0, stdout: 'imports: 9 files, nothing wrong\n', stderr: '' });
  expect(
    run({ ...sound, 'bench/main.ts': "import './x';\n\nimport '../packages/core/src/index.ts';\n" }),
  ).toMatchObject({
    status: 1,
    stdout: 'imports: 9 files, 2 wrong\n',
    stderr:
      'bench/main.ts:1 imports "./x", a relative path names the file with its extension\n' +
      'bench/main.ts:3 imports "../packages/core/src/index.ts", a relative path must stay in bench/\n',
  });
});
