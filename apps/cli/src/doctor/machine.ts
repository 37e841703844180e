import { randomUUID } from 'node:crypto';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { check, type Finding, fail, ok, warn } from './check.ts';

const GIB = 1024 ** 3;
/** Twenty years of bhavcopies, raw and twice as Parquet, with room for PostgreSQL and merges. */
const ROOMY = 5 * GIB;
/** PostgreSQL's write-ahead log alone may take this much. */
const CRAMPED = 1 * GIB;

/** The systems for which every native part of the product is published. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

export function checkNode(): Promise<Finding> {
  return check('Node.js', async () => {
    const major = Number(process.versions.node.split('.')[0]);
    return major >= 22
      ? ok(process.versions.node)
      : ok(`${process.versions.node} (works; version 22 or later is recommended)`);
  });
}

export function checkPlatform(): Promise<Finding> {
  return check('Platform', async () => {
    const platform = `${process.platform}-${process.arch}`;
    const detail = `${platform}, ${availableParallelism()} processors, ${(totalmem() / GIB).toFixed(1)} GiB memory`;
    if (PLATFORMS.includes(platform)) return ok(detail);
    return fail(
      `${platform} has no embedded PostgreSQL and ClickHouse`,
      `Use one of ${PLATFORMS.join(', ')} (on Windows: WSL), or set DATABASE_URL and CLICKHOUSE_URL.`,
    );
  });
}

/** The native parts load only when first imported; npm may have left one out. */
export function checkBinaries(load: () => Promise<unknown>): Promise<Finding> {
  return check('Native parts', async () => {
    try {
      await load();
      return ok('Polars and ClickHouse load');
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      return fail(reason, 'Run npm install again, with optional dependencies and on this machine.');
    }
  });
}

/** Whether the home folder, made when it is not there, can be written to. */
export function checkHome(home: string): Promise<Finding> {
  return check('Home folder', async () => {
    const probe = join(home, `.doctor-${randomUUID()}`);
    try {
      await mkdir(home, { recursive: true });
      await writeFile(probe, 'x', { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return fail(`${home} can't be written to (${code ?? error})`, 'Choose another with --home DIR or CHAMPION_HOME.');
    } finally {
      await rm(probe, { force: true }).catch(() => undefined);
    }
    return ok(home);
  });
}

export function checkDisk(home: string): Promise<Finding> {
  return check('Disk', async () => {
    const { bavail, bsize } = await statfs(home);
    const free = bavail * bsize;
    const detail = `${(free / GIB).toFixed(1)} GiB free`;
    if (free >= ROOMY) return ok(detail);
    const advice =
      'Twenty years of bhavcopies take about 2 GiB: free some space, or choose another folder with --home DIR.';
    return free >= CRAMPED ? warn(detail, advice) : fail(detail, advice);
  });
}
