import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../tools/build.mjs';
import { startFakeServer } from './testing/fake-server.ts';
import { aDeployment, aFlow } from './testing/records.ts';

const outdir = join(repoRoot, 'node_modules/.cache', `cold-start-tests-${process.pid}`);

beforeAll(() => bundle({ champion: 'apps/cli/src/main.ts' }, outdir));
afterAll(() => rm(outdir, { recursive: true, force: true }));

/** Packages that the program loads before it does anything; what it imports lazily is left out. */
async function loaded(file: string, seen = new Set<string>()): Promise<Set<string>> {
  const text = await readFile(join(outdir, file), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^'"();]*["']([^"']+)["'];$/gm)) {
    if (seen.has(specifier)) continue;
    seen.add(specifier);
    if (specifier.startsWith('./')) await loaded(specifier, seen);
  }
  return seen;
}

describe('the built program', () => {
  it('loads no package but the one for the command line', async () => {
    const packages = [...(await loaded('champion.js'))].filter((name) => !name.startsWith('./') && !isBuiltin(name));
    expect(packages).toEqual(['commander']);
  });

  it('completes names in a real shell', async () => {
    const server = await startFakeServer({
      filterDeployments: async () => [aDeployment()],
      filterFlows: async () => [aFlow()],
    });
    try {
      const champion = `${process.execPath} ${join(outdir, 'champion.js')}`;
      const tab = `champion() { ${champion} "$@"; }
        source <(champion completion bash)
        COMP_WORDS=(champion deployment inspect nse-bh); COMP_CWORD=3; _champion; echo "\${COMPREPLY[@]}"
        COMP_WORDS=(champion flow-run lo); COMP_CWORD=2; _champion; echo "\${COMPREPLY[@]}"
        COMP_WORDS=(champion flow run ''); COMP_CWORD=3; _champion; echo "\${COMPREPLY[@]}"`;
      const { PATH = '', HOME = '' } = process.env;
      const env = { PATH, HOME, CHAMPION_API_URL: server.url };
      const { stdout, status } = await inShell(tab, env);
      expect({ stdout, status }).toEqual({
        stdout: 'nse-bhavcopy-etl/nse-bhavcopy-daily\nlogs\nnse-bhavcopy-etl\n',
        status: 0,
      });
    } finally {
      await server.close();
    }
  });
});

/** Not waited for synchronously: the server that is asked is in this process. */
function inShell(script: string, env: Record<string, string>): Promise<{ stdout: string; status: number | null }> {
  return new Promise((resolve) => {
    const child = execFile('bash', ['-c', script], { env }, (_, stdout) => resolve({ stdout, status: child.exitCode }));
  });
}
