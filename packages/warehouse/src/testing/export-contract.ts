import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import type { SqlExportOptions } from '../sql.ts';
import type { Warehouse } from '../warehouse.ts';

/** What every warehouse gives as a file. */
export function exportContract(warehouse: () => Warehouse): void {
  const bytesOf = async (text: string, options: Partial<SqlExportOptions> = {}): Promise<Buffer> => {
    const { signal } = new AbortController();
    const whole = { format: 'csv', maxRows: 1_000, timeoutMs: 20_000, signal, ...options } as const;
    return Buffer.concat(await (await warehouse().exportSql(text, whole)).toArray());
  };

  describe('SQL of a person as a file', () => {
    const query = `SELECT toDecimal64(number, 4) AS price, toUInt64(9007199254740993) AS large, toDate('2026-01-12') AS day,
      if(number = 1, NULL, 'a "quoted", text') AS note FROM numbers({rows:UInt32})`;

    it('is CSV with a line of names, and every digit', async () => {
      const text = (await bytesOf(query, { params: { rows: 2 } })).toString();
      expect(text).toBe(
        [
          '"price","large","day","note"',
          '0.0000,9007199254740993,"2026-01-12","a ""quoted"", text"',
          '1.0000,9007199254740993,"2026-01-12",',
          '',
        ].join('\n'),
      );
    });

    it('is Parquet with its types', async () => {
      const file = join(tmpdir(), `champion-export-${randomUUID()}.parquet`);
      try {
        await writeFile(file, await bytesOf(query, { format: 'parquet', params: { rows: 500 } }));
        const frame = pl.readParquet(file);
        expect(frame.height).toBe(500);
        expect(String(frame.schema.price)).toContain('Decimal(18,4)');
        expect(frame.getColumn('large').cast(pl.Utf8).get(0)).toBe('9007199254740993');
      } finally {
        await rm(file, { force: true });
      }
    });

    it('says how a type that Parquet lacks is avoided', async () => {
      await expect(bytesOf('SELECT NULL AS nothing', { format: 'parquet' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        hint: expect.stringContaining('NULL::Nullable(String)'),
      });
    });

    it('is refused when there is too much of it, and never cut off', async () => {
      expect((await bytesOf('SELECT number FROM numbers(1000)')).toString().split('\n')).toHaveLength(1_002);
      for (const text of [
        'SELECT number FROM numbers(1001)',
        'SELECT number FROM numbers(600) UNION ALL SELECT number FROM numbers(600)',
        `SELECT repeat('x', 1000000) FROM numbers(3)`,
        `SELECT repeat('x', 900000 + number) FROM numbers(3)`,
      ]) {
        const size = bytesOf(text, { maxBytes: 2_000_000 }).then(({ byteLength }) => byteLength);
        await expect(size, text).rejects.toMatchObject({
          code: 'INVALID_INPUT',
          message: expect.stringContaining('more than 1,000 rows'),
          hint: expect.stringContaining('Nothing was exported'),
        });
      }
    });

    it('only reads, ends in time and on request', async () => {
      for (const text of [
        `SELECT 1 INTO OUTFILE '/tmp/x'`,
        'SELECT 1 FORMAT JSON',
        `SELECT * FROM file('/etc/passwd', CSV)`,
        'DROP TABLE equity_ohlc',
      ]) {
        await expect(bytesOf(text), text).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      }
      const endless = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)';
      await expect(bytesOf(endless, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'TIMEOUT' });
      const signal = AbortSignal.timeout(200);
      await expect(bytesOf(endless, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
      expect((await bytesOf('SELECT 1 AS one', { format: 'csv' })).toString()).toBe('"one"\n1\n');
    });
  });
}
