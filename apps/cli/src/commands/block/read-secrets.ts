import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ChampionError } from '@champion/core';
import type { Cli } from '../../cli.ts';
import { Interrupted } from '../../interruption.ts';
import { type BlockField, jsonOrText } from './fields.ts';

/** More than any block holds. */
const MOST_BYTES = 131_072;

/**
 * Asks for the fields at a terminal, without showing what is typed; else reads them from standard input: the one there is,
 * or several as JSON.
 * @param keeps empty answers leave what is there
 * @throws Interrupted, and ChampionError INVALID_INPUT
 */
export async function readSecrets(
  fields: readonly BlockField[],
  keeps: boolean,
  cli: Cli,
): Promise<Record<string, unknown>> {
  const [first, ...others] = fields;
  if (first === undefined) return {};
  const { stdin } = cli;
  if (isTerminal(stdin)) {
    const data: Record<string, unknown> = {};
    for (const field of fields) {
      const may = keeps ? ', Enter keeps it' : field.required ? '' : ', Enter leaves it out';
      const answer = await ask(
        `${field.title} (${field.secret ? 'not shown' : 'JSON or text'}${may}): `,
        field,
        stdin,
        cli,
      );
      if (answer !== '') data[field.name] = field.secret ? answer : jsonOrText(answer);
    }
    return data;
  }
  const text = (await readAll(stdin)).trim();
  if (text === '') return {};
  if (others.length === 0) return { [first.name]: first.secret ? text : jsonOrText(text) };
  if (!text.startsWith('{')) return { [first.name]: text };
  const given = jsonOrText(text);
  if (typeof given === 'object' && given !== null) return { ...given };
  throw new ChampionError('standard input begins like JSON, but is not JSON', {
    code: 'INVALID_INPUT',
    hint: `Write it as {"${first.name}": "…", "${others[0]?.name}": "…"}, or ${first.name} alone.`,
  });
}

type Terminal = NodeJS.ReadStream;

function isTerminal(stdin: Cli['stdin']): stdin is Terminal {
  return (stdin as Partial<Terminal>).isTTY === true;
}

async function ask(question: string, { secret }: BlockField, input: Terminal, cli: Cli): Promise<string> {
  await cli.note(question);
  // What is typed goes to the terminal's echo, or nowhere.
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input, output: secret ? nowhere : cli.stderr, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', (line) => resolve(line.trim()));
      lines.once('SIGINT', () => reject(new Interrupted()));
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    if (secret) await cli.note('\n');
  }
}

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > MOST_BYTES) {
      throw new ChampionError(`standard input is longer than ${MOST_BYTES} bytes`, {
        code: 'INVALID_INPUT',
        hint: 'A block holds configuration; data belongs into the lake.',
      });
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}
