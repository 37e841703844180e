// Bundles the TypeScript sources into dist/. Workspace packages are compiled in; every other package stays an import
// resolved from node_modules, so native addons load as they are. A build takes about a tenth of a second.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';

export const repoRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Entry points of the product and its benchmarks, by the name of their file in dist/. @type {Record<string, string>} */
const entries = {
  champion: 'apps/cli/src/main.ts',
  bench: 'bench/main.ts',
};

/** A program started before a build may still import its chunks lazily: files are kept this long after their last build. */
const KEEP_MS = 3_600_000;

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
 * @param {Record<string, string>} entryPoints
 * @param {string} outdir
 * @returns {import('esbuild').BuildOptions}
 */
function options(entryPoints, outdir) {
  return {
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
  };
}

/**
 * Bundles entry points to ES modules.
 * @param {Record<string, string>} entryPoints file name in `outdir` (without .js) → source file
 * @param {string} outdir folder to write
 */
export async function bundle(entryPoints, outdir) {
  await build(options(entryPoints, outdir));
}

/**
 * Builds the product into dist/. Safe beside another build and beside running programs: every file appears whole under
 * its name, entry points last, and chunks (named by their content) outlive the build that replaced them for an hour.
 */
export async function buildProduct() {
  const startedAt = new Date();
  const dist = join(repoRoot, 'dist');
  const present = Object.fromEntries(
    Object.entries(entries).filter(([, source]) => existsSync(join(repoRoot, source))),
  );
  const { outputFiles } = await build({ ...options(present, dist), write: false });
  // Its helper process would otherwise live as long as the command that built first.
  await stop();
  await mkdir(dist, { recursive: true });
  const isEntry = (/** @type {string} */ path) => Object.hasOwn(present, basename(path, '.js'));
  const chunksFirst = outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)));
  for (const { path, contents } of chunksFirst) {
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, contents);
    // As old as its sources were when read: an edit during the build makes it stale.
    await utimes(temporary, startedAt, startedAt);
    await rename(temporary, path);
  }
  const written = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const name of await readdir(dist)) {
    if (written.has(name)) continue;
    const path = join(dist, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    if (startedAt.getTime() - mtimeMs > KEEP_MS) await rm(path, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildProduct();
