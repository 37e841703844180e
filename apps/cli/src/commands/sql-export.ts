import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ChampionError } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

const FILE_FORMATS = ['csv', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export interface ExportRequest {
  readonly text: string;
  readonly format: FileFormat;
  readonly file: string;
  readonly maxRows: number;
  readonly timeoutMs: number;
}

/**
 * Writes the whole answer to a file, which is there when it is whole: a server's answer as it comes, or that of the
 * embedded warehouse.
 * @returns its size in bytes
 */
export async function exportAnswer(asked: ExportRequest, command: Command, cli: Cli): Promise<number> {
  const { text: query, format, maxRows, timeoutMs } = asked;
  const server = await cli.server(command);
  if (server === undefined) {
    return cli.withStack(await cli.config(command), async (stack, { signal }) => {
      const warehouse = await stack.warehouse();
      return save(asked.file, await warehouse.exportSql(query, { format, maxRows, timeoutMs, signal }), signal);
    });
  }
  return cli.interruptible(async (interruption) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([interruption.signal, deadline]);
    try {
      const { content } = await server.client.exportSql({ body: { query, format, max_rows: maxRows }, signal });
      return await save(asked.file, Readable.fromWeb(content as Parameters<typeof Readable.fromWeb>[0]), signal);
    } catch (error) {
      if (!deadline.aborted || interruption.happened) throw error;
      throw new ChampionError(`the export took longer than ${timeoutMs / 1000} s`, {
        code: 'TIMEOUT',
        hint: 'Ask for less, or give it more time with --timeout.',
      });
    }
  });
}

async function save(path: string, content: Readable, signal: AbortSignal): Promise<number> {
  const file = resolve(path);
  const partial = join(dirname(file), `.${basename(file)}.${process.pid}.partial`);
  try {
    const out = createWriteStream(partial, { flags: 'wx' });
    await pipeline(content, out, { signal });
    await rename(partial, file);
    return out.bytesWritten;
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof ChampionError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOENT', 'EACCES', 'EROFS', 'ENOSPC', 'EISDIR', 'ENOTDIR'].includes(code)) throw error;
    throw new ChampionError(`${file} could not be written: ${(error as Error).message}`, {
      code: 'INVALID_INPUT',
      hint: 'Name a file in a folder that is there and that you may write to, on a disk with space.',
      context: { file },
      cause: error,
    });
  }
}

/** The format of a file: what was asked for, else what its name says. */
export function fileFormat(output: string | undefined, file: string): FileFormat {
  const asked = output ?? /\.(csv|parquet)$/i.exec(file)?.[1]?.toLowerCase();
  const format = FILE_FORMATS.find((known) => known === asked);
  if (format !== undefined) return format;
  throw new ChampionError(
    asked === undefined ? `${file} does not say what it is to be` : `an answer is not written to a file as ${asked}`,
    { code: 'INVALID_INPUT', hint: 'Let its name end in .csv or .parquet, or say -o csv or -o parquet.' },
  );
}
