import { ChampionError, plural } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { outputOption, wholeNumber } from '../options.ts';
import { type Answer, type Format, formats, renderRows } from '../output/rows.ts';
import { count, duration } from '../output/text.ts';
import { exportAnswer, fileFormat } from './sql-export.ts';

interface Options {
  readonly output: Format | 'parquet';
  readonly out?: string;
  readonly maxRows: number;
  readonly timeout: number;
}

interface AnswerInTime extends Answer {
  /** There are more rows than these. */
  readonly truncated: boolean;
  readonly elapsedMs: number;
}

/** A server gives back no more at once. */
const MOST_ROWS_SERVED = 100_000;
const MOST_ROWS_IN_FILE = 1_000_000;

export function sqlCommand(parent: Command, cli: Cli): void {
  parent
    .command('sql')
    .description('ask the warehouse, in ClickHouse SQL')
    .argument('<query>', 'the query; - reads it from standard input')
    .addOption(outputOption([...formats, 'parquet'], 'table'))
    .option('--out <file>', 'write the whole answer to this file, CSV or Parquet')
    .option('--max-rows <n>', 'rows printed at most; a file with more is an error', wholeNumber(1, 1_000_000), 10_000)
    .option('--timeout <seconds>', 'give up after this time', wholeNumber(1, 600), 60)
    .addHelpText(
      'after',
      `
Decimals and 64-bit integers are printed with all their digits; in JSON they are strings.

Examples:
  champion sql "SELECT symbol, close, volume FROM equity_ohlc ORDER BY turnover DESC LIMIT 10"
  champion sql "SHOW TABLES"
  champion sql -o csv - < query.sql > answer.csv
  champion sql "SELECT * FROM equity_ohlc" --out bars.parquet`,
    )
    .action(async (query: string, options: Options, command: Command) => {
      const text = (query === '-' ? await readAll(cli.stdin) : query).trim();
      if (text === '') {
        throw new ChampionError('the query is empty', {
          code: 'INVALID_INPUT',
          hint: 'For example: champion sql "SHOW TABLES"',
        });
      }
      const { output, out } = options;
      if (out !== undefined) {
        const asked = command.getOptionValueSource('output') === 'default' ? undefined : output;
        const maxRows = command.getOptionValueSource('maxRows') === 'default' ? MOST_ROWS_IN_FILE : options.maxRows;
        const request = { text, format: fileFormat(asked, out), file: out, maxRows, timeoutMs: options.timeout * 1000 };
        await cli.note(`${cli.err.dim(`${out}: ${count(await exportAnswer(request, command, cli))} bytes`)}\n`);
        return;
      }
      if (output === 'parquet') {
        throw new ChampionError('Parquet is not printed', { code: 'INVALID_INPUT', hint: 'Say where to: --out FILE' });
      }
      const answer = await ask(text, options, command, cli);
      await cli.print(renderRows(answer, output, cli.out));
      const cut = answer.truncated ? cli.err.yellow(' (there are more: --max-rows N)') : '';
      await cli.note(`${cli.err.dim(`${plural(answer.rows.length, 'row')}, ${duration(answer.elapsedMs)}`)}${cut}\n`);
    });
}

async function ask(text: string, { maxRows, timeout }: Options, command: Command, cli: Cli): Promise<AnswerInTime> {
  const server = await cli.server(command);
  const timeoutMs = timeout * 1000;
  if (server === undefined) {
    return cli.withStack(await cli.config(command), async (stack, { signal }) => {
      const warehouse = await stack.warehouse();
      return warehouse.sql(text, { maxRows, timeoutMs, signal });
    });
  }
  return cli.interruptible(async (interruption) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([interruption.signal, deadline]);
    const max_rows = Math.min(maxRows, MOST_ROWS_SERVED);
    try {
      const { elapsed_ms: elapsedMs, ...rest } = await server.client.runSql({
        body: { query: text, max_rows },
        signal,
      });
      return { ...rest, elapsedMs };
    } catch (error) {
      if (!deadline.aborted || interruption.happened) throw error;
      throw new ChampionError(`the query took longer than ${timeout} s`, {
        code: 'TIMEOUT',
        hint: 'Ask for less, or give it more time with --timeout.',
      });
    }
  });
}

/** More than anyone types; a dump piped in by mistake must not fill the memory. */
const LONGEST_QUERY = 10_000_000;

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > LONGEST_QUERY) {
      throw new ChampionError(`the query on standard input is longer than ${LONGEST_QUERY} bytes`, {
        code: 'INVALID_INPUT',
        hint: 'To load data, use champion import.',
      });
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}
