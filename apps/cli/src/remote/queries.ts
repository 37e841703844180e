import type { Client } from '@champion/contract';
import { ChampionError } from '@champion/core';
import type { Stack } from '@champion/server';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

/** The warehouse as far as named queries go. */
export type Queries = Pick<Awaited<ReturnType<Stack['warehouse']>>, 'query'>;

/** Asks the warehouse of the server, or of this home where no server has it. */
export async function withQueries<T>(cli: Cli, command: Command, use: (warehouse: Queries) => Promise<T>): Promise<T> {
  const server = await cli.server(command);
  if (server !== undefined) return use(queriesOf(server.client));
  return cli.withStack(await cli.config(command), async (stack) => use(await stack.warehouse()));
}

/** Named queries over the API's SQL: what goes in and what a row is are checked on this side. */
function queriesOf(client: Client): Queries {
  return {
    query: async (named, params) => {
      const parameters = named.params.parse(params);
      const { columns, rows, truncated } = await client.runSql({ body: { query: named.sql, parameters } });
      if (truncated) {
        throw new ChampionError(`query ${named.name} has more rows than the server gives at once`, {
          code: 'INVALID_INPUT',
          hint: 'Ask for fewer: a shorter span, or a lower limit.',
        });
      }
      return rows.map((row) =>
        named.row.parse(Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null]))),
      );
    },
  };
}
