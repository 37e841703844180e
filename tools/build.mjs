// Bundles the TypeScript sources into dist/. Workspace packages are compiled in; every other package stays an import
// resolved from node_modules, so native addons load as they are. A build takes about a tenth of a second.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const repoRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Entry points of the product and its benchmarks, by the name of their file in dist/. */
const entries = {
  champion: 'apps/cli/src/main.ts',
  bench: 'bench/main.ts',
};

/** Keeps third-party packages out of the bundle and lets workspace packages in. @type {import('esbuild').Plugin} */
const workspaceOnly = {
  name: 'workspace-only',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, (args) =>
      args.kind === 'entry-point' || args.path.startsWith('@champion/')
        ? undefined
        : { path: args.path, external: true },
    );
  },
};

/**
 * Bundles entry points to ES modules.
 * @param {Record<string, string>} entryPoints file name in `outdir` (without .js) → source file
 * @param {string} outdir folder to write
 */
export async function bundle(entryPoints, outdir) {
  await build({
    absWorkingDir: repoRoot,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    loader: { '.sql': 'text' },
    plugins: [workspaceOnly],
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const present = Object.fromEntries(
    Object.entries(entries).filter(([, source]) => existsSync(join(repoRoot, source))),
  );
  rmSync(join(repoRoot, 'dist'), { recursive: true, force: true });
  await bundle(present, join(repoRoot, 'dist'));
}
