import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BusinessDate, ChampionError } from '@champion/core';
import { z } from 'zod';
import { type FileWriter, ignoreMissing, storing } from './files.ts';
import { checkName, insideRoot, SIDECAR_EXTENSION } from './names.ts';

/** How the bytes were come by. */
export interface RawProvenance {
  readonly url: string;
  /** ISO 8601 with its zone. */
  readonly fetched_at: string;
  /** HTTP status; 0 for a file that was imported from disk. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RawInput {
  readonly dataset: string;
  readonly date: BusinessDate;
  /** Without the dot: "csv.zip". */
  readonly extension: string;
  readonly bytes: Uint8Array;
  readonly sidecar: RawProvenance;
}

export interface RawFile {
  /** Lake-relative: raw/nse/<dataset>/<date>/<sha256>.<extension> */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** 1 for the first bytes that ever came for the session, 2 for the next different ones, and so on. */
  readonly revision: number;
  /** False when these bytes were already there; nothing was written then. */
  readonly isNew: boolean;
  /** When these bytes first came, ISO 8601 with its zone. */
  readonly fetchedAt: string;
  readonly url: string;
  /** HTTP status; 0 for a file that was imported from disk. */
  readonly status: number;
}

const Sidecar = z.object({
  file: z.string(),
  url: z.string(),
  fetched_at: z.iso.datetime({ offset: true }),
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  revision: z.number().int().positive(),
});
type Sidecar = z.infer<typeof Sidecar>;

const SECRET_HEADERS = new Set(['set-cookie', 'set-cookie2', 'cookie', 'authorization', 'proxy-authorization']);

/** Immutable bytes as they came, one file per revision, each with a sidecar that says where it came from. */
export class RawStore {
  readonly #root: string;
  readonly #writer: FileWriter;

  constructor(root: string, writer: FileWriter) {
    this.#root = root;
    this.#writer = writer;
  }

  /** Keeps the bytes. The same bytes again give the same file, whose first sidecar stays. */
  async put(input: RawInput): Promise<RawFile> {
    const folder = rawFolder(input.dataset, input.date);
    const sha256 = sha256Of(input.bytes);
    const file = `${sha256}.${checkName('extension', input.extension)}`;
    const known = await this.revisions(input.dataset, input.date);
    const same = known.find((revision) => revision.sha256 === sha256);
    if (same && (await this.#intact(same.path, sha256))) return same;

    const sidecar = this.#sidecar(input, {
      file: same === undefined ? file : basename(same.path),
      sha256,
      revision: same?.revision ?? (known.at(-1)?.revision ?? 0) + 1,
    });
    // The sidecar comes last: bytes without one were never acknowledged, and are written again.
    const data = { name: sidecar.file, write: (path: string) => writeNew(path, input.bytes) };
    const facts = {
      name: `${sha256}.${SIDECAR_EXTENSION}`,
      write: (path: string) => writeNew(path, `${JSON.stringify(sidecar, null, 2)}\n`),
    };
    await this.#writer.put(join(this.#root, folder), same ? [data] : [data, facts]);
    return same ?? { ...toRawFile(folder, sidecar, sidecar.revision), isNew: true };
  }

  /**
   * @param path lake-relative, as `put` returned it
   * @throws ChampionError NOT_FOUND when there is no such file, CORRUPT when its bytes are not those of its name
   */
  async read(path: string): Promise<Uint8Array> {
    const absolute = insideRoot(this.#root, path);
    const bytes = await storing(absolute, () => readFile(absolute).catch(ignoreMissing));
    if (!bytes) {
      throw new ChampionError(`the lake has no raw file ${path}`, {
        code: 'NOT_FOUND',
        hint: 'Fetch the session again, or restore the lake folder from its backup.',
        context: { path },
      });
    }
    const sha256 = sha256Of(bytes);
    if (basename(path).startsWith(`${sha256}.`)) return bytes;
    throw new ChampionError(`raw file ${path} was changed on disk: its bytes no longer match its name`, {
      code: 'CORRUPT',
      hint: 'Move the file away and fetch the session again; if it recurs, check the disk.',
      context: { path, sha256, bytes: bytes.byteLength },
    });
  }

  /** Every revision of a session, oldest first. */
  async revisions(dataset: string, date: BusinessDate): Promise<RawFile[]> {
    const folder = rawFolder(dataset, date);
    const absolute = join(this.#root, folder);
    const names = (await storing(absolute, () => readdir(absolute).catch(ignoreMissing))) ?? [];
    const sidecars = await Promise.all(
      names
        .filter((name) => /^[0-9a-f]{64}\./.test(name) && name.slice(65) === SIDECAR_EXTENSION)
        .map((name) => this.#readSidecar(join(absolute, name))),
    );
    // Two processes may have counted at the same moment, so the stored number only orders; the position is the number.
    return sidecars
      .sort((a, b) => a.revision - b.revision || compare(a.fetched_at, b.fetched_at) || compare(a.sha256, b.sha256))
      .map((sidecar, index) => toRawFile(folder, sidecar, index + 1));
  }

  #sidecar(input: RawInput, known: Pick<Sidecar, 'file' | 'sha256' | 'revision'>): Sidecar {
    const headers = Object.entries(input.sidecar.headers).filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase()));
    const sidecar = Sidecar.safeParse({
      ...known,
      url: input.sidecar.url,
      fetched_at: input.sidecar.fetched_at,
      status: input.sidecar.status,
      headers: Object.fromEntries(headers),
      bytes: input.bytes.byteLength,
    });
    if (sidecar.success) return sidecar.data;
    throw new ChampionError(`the provenance of a raw file is not usable: ${z.prettifyError(sidecar.error)}`, {
      code: 'INVALID_INPUT',
      context: { dataset: input.dataset, date: input.date },
    });
  }

  async #readSidecar(path: string): Promise<Sidecar> {
    const text = await storing(path, () => readFile(path, 'utf8'));
    const sidecar = Sidecar.safeParse(parseJson(text));
    if (sidecar.success) return sidecar.data;
    throw new ChampionError(`sidecar ${path} is not readable: ${z.prettifyError(sidecar.error)}`, {
      code: 'STORE_FAILED',
      hint: 'Restore the file from a backup, or move it away together with its raw file and fetch the session again.',
      context: { path },
    });
  }

  async #intact(path: string, sha256: string): Promise<boolean> {
    const absolute = join(this.#root, path);
    const bytes = await storing(absolute, () => readFile(absolute).catch(ignoreMissing));
    return bytes !== undefined && sha256Of(bytes) === sha256;
  }
}

function rawFolder(dataset: string, date: BusinessDate): string {
  return `raw/nse/${checkName('dataset', dataset)}/${date}`;
}

function toRawFile(folder: string, sidecar: Sidecar, revision: number): RawFile {
  return {
    path: `${folder}/${sidecar.file}`,
    sha256: sidecar.sha256,
    bytes: sidecar.bytes,
    revision,
    isNew: false,
    fetchedAt: sidecar.fetched_at,
    url: sidecar.url,
    status: sidecar.status,
  };
}

function writeNew(path: string, content: Uint8Array | string): Promise<void> {
  return storing(path, () => writeFile(path, content, { flag: 'wx' }));
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** undefined when the text is not JSON: the schema that reads it says so. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
