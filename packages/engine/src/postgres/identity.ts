import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ChampionError } from '@champion/core';

/** How to run PostgreSQL's programs on this machine, and who owns the files they make. */
export interface Identity {
  /** Words to put before a command. */
  readonly prefix: readonly string[];
  /** Given to spawn when the process must become another user. */
  readonly as?: { readonly uid: number; readonly gid: number };
  /** The owner that PostgreSQL's files must have, as seen from here. */
  readonly owner: { readonly uid: number; readonly gid: number };
}

const NOBODY = { uid: 65534, gid: 65534 };

/**
 * PostgreSQL refuses to run as root, and as a user whom the system's user list does not name (a container's bare uid). A
 * user namespace in which one appears as nobody, whom every list names, keeps one's own files under any folder modes.
 * Where the kernel forbids that, root's only way left is another user with a folder of its own.
 */
export function choosePostgresIdentity(): Identity {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const plain: Identity = { prefix: [], owner: { uid, gid } };
  if (uid !== 0 && isNamed()) return plain;
  const prefix = ['unshare', '--user', `--map-user=${NOBODY.uid}`, `--map-group=${NOBODY.gid}`];
  const probe = spawnSync(prefix[0] ?? '', [...prefix.slice(1), 'true'], { stdio: 'ignore' });
  if (probe.status === 0) return { prefix, owner: { uid, gid } };
  return uid === 0 ? { prefix: [], as: NOBODY, owner: NOBODY } : plain;
}

function isNamed(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

/** Gives a path to PostgreSQL's user where that is not who owns it already. */
export function giveTo(identity: Identity, path: string): void {
  const { uid, gid } = identity.owner;
  if (statSync(path).uid === uid) return;
  const chown = spawnSync('chown', ['-R', `${uid}:${gid}`, path], { encoding: 'utf8' });
  if (chown.status === 0) return;
  throw new ChampionError(`The PostgreSQL data in ${path} belongs to another user`, {
    code: 'CONFIG',
    hint: `Run Champion as the user who owns it, give it to this one (chown -R ${uid} ${path}), or set another CHAMPION_HOME.`,
    context: { path, owner: statSync(path).uid, wanted: uid, error: chown.stderr },
  });
}

/** @throws ChampionError CONFIG when the user PostgreSQL must run as can't get at the folder or the programs */
export function assertReachable(identity: Identity, folder: string, program: string): void {
  if (identity.as === undefined) return;
  const probe = spawnSync('sh', ['-c', 'cd "$1" && test -x "$2"', 'sh', folder, program], {
    ...identity.as,
    cwd: '/',
    stdio: 'ignore',
  });
  if (probe.status === 0) return;
  throw new ChampionError(`PostgreSQL can't run here: user ${identity.as.uid} can't reach ${folder} or ${program}`, {
    code: 'CONFIG',
    hint: 'PostgreSQL refuses to run as root and user namespaces are off here. Run Champion as an ordinary user, put CHAMPION_HOME and the checkout where every user may enter (for example under /srv), or set DATABASE_URL.',
    context: { folder, program, uid: identity.as.uid },
  });
}
