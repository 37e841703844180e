import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnv, patient } from './config.ts';

describe('parseEnv', () => {
  it('has a default for everything', () => {
    expect(parseEnv({ HOME: '/root', PATH: '' })).toMatchObject({
      databaseUrl: undefined,
      clickhouseUrl: undefined,
      archivesUrl: 'https://nsearchives.nseindia.com',
      siteUrl: 'https://www.nseindia.com',
      requestsPerSecond: 3,
      host: '127.0.0.1',
      port: 4200,
      apiKey: undefined,
      apiUrl: undefined,
      retention: { runsMs: 90 * 86_400_000, logsMs: 30 * 86_400_000 },
      workerConcurrency: 5,
    });
  });

  it('reads what the server is told', () => {
    const env = { CHAMPION_HOST: '[::1]', CHAMPION_PORT: '0', CHAMPION_RETENTION_LOGS: '12h' };
    expect(parseEnv({ ...env, CHAMPION_API_URL: 'https://champion.example/' })).toMatchObject({
      host: '::1',
      port: 0,
      apiUrl: 'https://champion.example',
      retention: { logsMs: 43_200_000 },
    });
  });

  it('reads who is told of runs, by the names that their own clients use', () => {
    const nobody = { openLineage: { url: undefined, file: undefined }, mlflow: undefined };
    expect(parseEnv({ MLFLOW_TRACKING_USERNAME: 'me', OPENLINEAGE_API_KEY: 'key' })).toMatchObject(nobody);
    const lineage = { OPENLINEAGE_URL: 'http://marquez:5000/', OPENLINEAGE__TRANSPORT__LOG_FILE_PATH: 'lineage.jsonl' };
    const mlflow = { MLFLOW_TRACKING_URI: 'https://mlflow.example/base/', MLFLOW_TRACKING_TOKEN: 'token' };
    expect(parseEnv({ ...lineage, ...mlflow })).toMatchObject({
      openLineage: {
        url: 'http://marquez:5000',
        endpoint: 'api/v1/lineage',
        apiKey: undefined,
        file: resolve('lineage.jsonl'),
        namespace: 'champion',
      },
      mlflow: { uri: 'https://mlflow.example/base', username: undefined, token: 'token' },
    });
    expect(parseEnv({ ...lineage, OPENLINEAGE_DISABLED: 'true' })).toMatchObject(nobody);
  });

  it('takes an empty setting for none', () => {
    expect(parseEnv({ DATABASE_URL: '', NSE_SITE_URL: ' ' })).toMatchObject({
      databaseUrl: undefined,
      siteUrl: 'https://www.nseindia.com',
    });
  });

  it('suggests the name that was meant', () => {
    expect(() => parseEnv({ CHAMPION_HOMES: 'x' })).toThrowError(
      expect.objectContaining({ code: 'CONFIG', hint: expect.stringContaining('Did you mean CHAMPION_HOME?') }),
    );
    expect(() => parseEnv({ CHAMPION_WHATEVER_ELSE: 'x' })).toThrowError(
      expect.objectContaining({ hint: 'All settings are in docs/configuration.md.' }),
    );
  });

  it.each([
    [{ DATABASE_URL: 'mysql://user:secret@host/db' }, 'DATABASE_URL'],
    [{ CLICKHOUSE_URL: 'localhost' }, 'CLICKHOUSE_URL'],
    [{ NSE_ARCHIVES_URL: 'ftp://x' }, 'NSE_ARCHIVES_URL'],
    [{ NSE_REQUESTS_PER_SECOND: 'fast' }, 'NSE_REQUESTS_PER_SECOND'],
    [{ NSE_REQUESTS_PER_SECOND: '0' }, 'NSE_REQUESTS_PER_SECOND'],
    [{ CHAMPION_HOST: '127.0.0.1:4200' }, 'CHAMPION_HOST'],
    [{ CHAMPION_PORT: '70000' }, 'CHAMPION_PORT'],
    [{ CHAMPION_API_KEY: 'secret' }, 'CHAMPION_API_KEY'],
    [{ CHAMPION_API_KEY: 'a secret with spaces in it' }, 'CHAMPION_API_KEY'],
    [{ CHAMPION_API_URL: 'localhost:4200' }, 'CHAMPION_API_URL'],
    [{ OPENLINEAGE_URL: 'marquez:5000' }, 'OPENLINEAGE_URL'],
    [{ MLFLOW_TRACKING_URI: 'sqlite:///secret.db' }, 'MLFLOW_TRACKING_URI'],
    [{ CHAMPION_RETENTION_RUNS: '0d' }, 'CHAMPION_RETENTION_RUNS'],
    [{ CHAMPION_RETENTION_LOGS: 'a month' }, 'CHAMPION_RETENTION_LOGS'],
    [{ CHAMPION_WORKER_CONCURRENCY: '0' }, 'CHAMPION_WORKER_CONCURRENCY'],
  ])('refuses %o, without showing a secret', (env, name) => {
    try {
      parseEnv(env);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'CONFIG', message: expect.stringContaining(name) });
      expect(JSON.stringify(error)).not.toContain('secret');
    }
  });

  it('is polite to the exchange whatever is asked, and lets a simulator be quick', () => {
    expect(() => parseEnv({ NSE_REQUESTS_PER_SECOND: '10' })).toThrowError(expect.objectContaining({ code: 'CONFIG' }));
    const local = { NSE_ARCHIVES_URL: 'http://127.0.0.1:4280', NSE_SITE_URL: 'http://127.0.0.1:4280' };
    expect(parseEnv({ ...local, NSE_REQUESTS_PER_SECOND: '100' }).requestsPerSecond).toBe(100);
  });
});

describe('patient', () => {
  it.each([
    ['the exchange', {}, 1],
    ['the exchange, slower already', { NSE_REQUESTS_PER_SECOND: '0.5' }, 0.5],
    ['a simulator', { NSE_ARCHIVES_URL: 'http://127.0.0.1:1', NSE_SITE_URL: 'http://127.0.0.1:1' }, 3],
    ['a mirror of the files alone', { NSE_ARCHIVES_URL: 'http://mirror.example' }, 1],
  ])('asks %s at its pace', (_, env, pace) => {
    expect(patient(parseEnv(env)).requestsPerSecond).toBe(pace);
  });
});
