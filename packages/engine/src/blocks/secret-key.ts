import { createHmac, randomBytes } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { ChampionError } from '@champion/core';

const BYTES = 32;
/** Readable by the group or by others. */
const OPEN_TO_OTHERS = 0o077;

/** The key that secrets are encrypted with, and a name for it that gives nothing of it away. */
export interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

export interface SecretKeyOptions {
  /** Where the key is kept, and is made when the first secret comes. Absolute. */
  readonly file: string;
  /** The key itself, for several machines on one database: 32 bytes in base64 or hex. It goes before the file. */
  readonly given?: string;
}

/** Finds the key, each time anew: one that was put in its place works at once. */
export class SecretKey {
  readonly #options: SecretKeyOptions;

  /** @throws ChampionError CONFIG for a given key that is none */
  constructor(options: SecretKeyOptions) {
    this.#options = options;
    if (options.given !== undefined) parse(options.given, 'CHAMPION_SECRET_KEY');
  }

  /** Where the key is, for people. */
  get place(): string {
    return this.#options.given === undefined ? this.#options.file : 'CHAMPION_SECRET_KEY';
  }

  /** @throws ChampionError CONFIG for a file that holds no key, or that others may read */
  async find(): Promise<Key | undefined> {
    const { file, given } = this.#options;
    if (given !== undefined) return parse(given, 'CHAMPION_SECRET_KEY');
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unreadable(file, `it can't be read: ${(cause as Error).message}`, `Let this user read ${file}.`, cause);
    }
    if (process.platform !== 'win32' && ((await stat(file)).mode & OPEN_TO_OTHERS) !== 0) {
      throw unreadable(file, 'others may read it', `Run: chmod 600 ${file}`);
    }
    return parse(text, file);
  }

  /** The key; a new one where there is none. @throws ChampionError CONFIG */
  async findOrMake(): Promise<Key> {
    const found = await this.find();
    if (found !== undefined) return found;
    const { file } = this.#options;
    try {
      // Whoever is second finds the first one's.
      const handle = await open(file, 'wx', 0o600);
      try {
        await handle.writeFile(`${randomBytes(BYTES).toString('base64')}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        const hint = `Let this user write ${file}, or set CHAMPION_SECRET_KEY.`;
        throw unreadable(file, `it can't be made: ${(cause as Error).message}`, hint, cause);
      }
    }
    const made = await this.find();
    if (made === undefined) throw unreadable(file, 'it was removed again', 'Try again.');
    return made;
  }
}

/** 32 bytes in base64 or hex; undefined for anything else. */
export function readKey(text: string): Buffer | undefined {
  const bare = text.trim();
  if (/^[0-9a-f]{64}$/i.test(bare)) return Buffer.from(bare, 'hex');
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(bare)) return undefined;
  const bytes = Buffer.from(bare, 'base64');
  return bytes.length === BYTES ? bytes : undefined;
}

function parse(text: string, place: string): Key {
  const bytes = readKey(text);
  if (bytes !== undefined) {
    return { bytes, id: createHmac('sha256', bytes).update('champion secret key').digest('hex').slice(0, 12) };
  }
  throw unreadable(
    place,
    'it should hold 32 bytes in base64 or hex',
    'Put the right key back. A new one is made with: openssl rand -base64 32',
  );
}

function unreadable(place: string, why: string, hint: string, cause?: unknown): ChampionError {
  return new ChampionError(`The key for secrets in ${place} can't be used: ${why}`, {
    code: 'CONFIG',
    hint,
    context: { place },
    ...(cause === undefined ? {} : { cause }),
  });
}
