import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ChampionError } from '@champion/core';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { inWarehouse } from '../errors.ts';
import { LOAD_SETTINGS, WRITE_SETTINGS } from '../settings.ts';
import {
  type Adapter,
  type FileInsert,
  type FileOutput,
  quoted,
  type ReadOnlySession,
  type ReadOnlySettings,
} from './adapter.ts';
import { responseText } from './response-text.ts';

/** Longer than any statement of ours may take; a person's SQL has its own, shorter limit. */
const REQUEST_TIMEOUT_MS = 300_000;

export interface ServerConfig {
  /** http:// or https://, with or without credentials. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** "champion" unless said otherwise. */
  readonly database?: string;
}

/**
 * A ClickHouse server over HTTP. Its user must be able to create the database's tables and to set query settings.
 * @throws ChampionError UNREACHABLE, or CONFIG when the server refuses the login
 */
export async function openServer(config: ServerConfig): Promise<Adapter> {
  const database = config.database ?? 'champion';
  const location = locationOf(config.url);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(database)) {
    throw new ChampionError(`"${database}" cannot be the name of the warehouse's database`, {
      code: 'CONFIG',
      hint: 'Use letters, digits and underscore.',
    });
  }
  const connect = (into: string): ClickHouseClient =>
    createClient({
      url: config.url,
      ...(config.username === undefined ? {} : { username: config.username }),
      ...(config.password === undefined ? {} : { password: config.password }),
      database: into,
      application: 'champion',
      request_timeout: REQUEST_TIMEOUT_MS,
      // An error after the first rows would otherwise arrive inside an answer that began well.
      clickhouse_settings: { wait_end_of_query: 1 },
      compression: { response: true, request: false },
      // Errors are thrown and told once, by whoever catches them.
      log: { level: ClickHouseLogLevel.OFF },
    });

  /** For what must work before our database exists. */
  async function outside<T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    const client = connect('default');
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  const version = await inWarehouse(`open ${location}`, () =>
    outside(async (client) => {
      const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
      return (await result.json<{ version: string }>())[0]?.version ?? '';
    }),
  );
  const client = connect(database);
  return {
    kind: 'server',
    location,
    version,
    database,
    writer: client,
    reader: client,
    createDatabase: () =>
      inWarehouse(`create database ${database}`, () =>
        outside(async (anywhere) => {
          // Asked first: a user without the right to create databases may well have been given this one.
          const query = 'SELECT name FROM system.databases WHERE name = {database:String}';
          const found = await anywhere.query({ query, query_params: { database }, format: 'JSONEachRow' });
          if ((await found.json()).length > 0) return;
          await anywhere.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoted(database)}` });
        }),
      ),
    insertFile: (input) => insertFile(client, input),
    writeParquet: (output) => writeParquet(client, output),
    openReadOnly: async (settings: ReadOnlySettings) => readOnlySession(client, settings),
    close: () => client.close(),
  };
}

function readOnlySession(client: ClickHouseClient, settings: ReadOnlySettings): ReadOnlySession {
  const stream: ReadOnlySession['stream'] = async (query, params, format, signal) => {
    // The client hears of an abort only while it waits.
    signal.throwIfAborted();
    const result = await client.exec({
      query,
      query_params: params,
      clickhouse_settings: { ...settings, default_format: format, readonly: '1' },
      abort_signal: signal,
    });
    return result.stream;
  };
  return {
    run: async (query, params, signal) => responseText(await stream(query, params, 'JSONCompact', signal)),
    stream,
    close: async () => {},
  };
}

async function insertFile(client: ClickHouseClient, { table, columns, file }: FileInsert): Promise<void> {
  await client.insert({
    table: quoted(table),
    columns: columns.map(({ name }) => quoted(name)) as [string, ...string[]],
    values: createReadStream(file),
    format: 'Parquet',
    clickhouse_settings: LOAD_SETTINGS,
  });
}

async function writeParquet(client: ClickHouseClient, { query, params, file }: FileOutput): Promise<void> {
  const { stream } = await client.exec({
    query: `${query} FORMAT Parquet`,
    query_params: params,
    clickhouse_settings: WRITE_SETTINGS,
  });
  await pipeline(stream, createWriteStream(file));
}

function locationOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new ChampionError('the URL of the ClickHouse server is not an http:// or https:// URL', {
      code: 'CONFIG',
      hint: 'Write CLICKHOUSE_URL as http://user:password@host:8123.',
    });
  }
  const url = new URL(text);
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}
