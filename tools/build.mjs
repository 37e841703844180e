// Bundles the TypeScript sources into dist/. Workspace packages are compiled in; every other package stays an import
// resolved from node_modules, so native addons load as they are. A build takes about a tenth of a second; those of the
// web app and the tracking app, into dist/web and dist/tracking, some seconds, and none while their sources are as they were.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
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

const coreIndex = join(repoRoot, 'packages/core/src/index.ts');
const FROM_CORE = /^import \{([^}]*)\} from '@champion\/core';/gm;
const FROM_FILE = /^export \{([^}]*)\} from '(.+)';/gm;

/**
 * Points imports of core to its files, past its index. What an index names lands together in one chunk, and with it zod,
 * which a command that only asks the server has no need of and waits for.
 * @type {import('esbuild').Plugin}
 */
const pastTheIndex = {
  name: 'past-the-index',
  async setup(builder) {
    /** @type {Map<string, string>} */
    const files = new Map();
    for (const [, names = '', file = ''] of (await readFile(coreIndex, 'utf8')).matchAll(FROM_FILE)) {
      for (const name of valuesOf(names)) files.set(name, join(dirname(coreIndex), file));
    }
    builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(FROM_CORE, (statement, /** @type {string} */ names) => {
        const values = valuesOf(names);
        if (!values.every((value) => files.has(value.split(' as ')[0] ?? ''))) return statement;
        const imports = values.map((value) => {
          const file = files.get(value.split(' as ')[0] ?? '');
          return `import { ${value} } from ${JSON.stringify(file)};`;
        });
        // As many lines as before, for the source map.
        return imports.join(' ') + statement.replace(/[^\n]/g, '');
      });
      return { contents, loader: 'ts' };
    });
  },
};

/** The names of an import or export that are no types. @param {string} names @returns {string[]} */
function valuesOf(names) {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

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
    plugins: [workspaceOnly, pastTheIndex],
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
    if (written.has(name) || Object.hasOwn(sites, name)) continue;
    const path = join(dist, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    if (startedAt.getTime() - mtimeMs > KEEP_MS) await rm(path, { recursive: true, force: true });
  }
}

/** What the sites are made of: their own folder, and the packages that it compiles in. */
const siteSources = ['apps/web', 'packages/core/src', 'packages/contract/src'];

/** The web app and the tracking app, by the name of their folder in dist/. */
const sites = {
  web: { config: 'apps/web/vite.config.ts', entry: 'index.html' },
  tracking: { config: 'apps/web/vite.tracking.config.ts', entry: 'tracking.html' },
};
/** @typedef {keyof typeof sites} Site */
export const siteNames = /** @type {Site[]} */ (Object.keys(sites));

/** True when dist/<site> is missing or older than a source of it. @param {Site} site */
export function isSiteStale(site) {
  const { entry } = sites[site];
  const built = statSync(join(repoRoot, 'dist', site, entry), { throwIfNoEntry: false });
  if (built === undefined) return existsSync(join(repoRoot, 'apps/web', entry));
  return siteSources.some((folder) =>
    readdirSync(join(repoRoot, folder), { recursive: true, encoding: 'utf8' }).some((file) => {
      // The route tree is written by the build itself.
      if (/(^|[\\/])(node_modules|dev|e2e)([\\/]|$)|\.test\.tsx?$|\.gen\.ts$/.test(file)) return false;
      const changed = statSync(join(repoRoot, folder, file), { throwIfNoEntry: false });
      return changed?.isFile() === true && changed.mtimeMs > built.mtimeMs;
    }),
  );
}

/** The sites that `buildSites` would build. */
export function staleSites() {
  return siteNames.filter(isSiteStale);
}

/** Builds a site into a folder. @param {Site} site @param {string} outDir */
export async function buildSite(site, outDir) {
  const { build: buildWithVite } = await import('vite');
  await buildWithVite({
    configFile: join(repoRoot, sites[site].config),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  });
}

/**
 * Builds each site into dist/<site> unless it is fresh. It appears whole: a server beside it serves the old one until then,
 * and an open page that misses a part of the old one loads the new.
 */
export async function buildSites() {
  for (const site of staleSites()) {
    const startedAt = new Date();
    const folder = join(repoRoot, 'dist', site);
    const temporary = `${folder}.${process.pid}.tmp`;
    const replaced = `${folder}.${process.pid}.old`;
    await buildSite(site, temporary);
    // As old as its sources were when read: an edit during the build makes it stale.
    await utimes(join(temporary, sites[site].entry), startedAt, startedAt);
    if (existsSync(folder)) await rename(folder, replaced);
    await rename(temporary, folder);
    await rm(replaced, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildProduct();
  await buildSites();
}
