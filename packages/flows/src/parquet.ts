import pl from 'nodejs-polars';

/**
 * Writes a frame as Parquet (zstd) on Polars' own threads: the event loop stays free for other runs. The caller syncs
 * the file to disk.
 */
export async function writeParquet(frame: pl.DataFrame, path: string): Promise<void> {
  const sinkOptions = { syncOnClose: 'none', maintainOrder: true, mkdir: false } as const;
  await frame.lazy().sinkParquet(path, { compression: 'zstd', sinkOptions }).collect();
}

/** How many rows a Parquet file has, as its footer says. @throws what Polars throws for a file that is none */
export async function parquetRows(path: string): Promise<number> {
  const counted = await pl.scanParquet(path).select(pl.len()).collect();
  return Number(counted.row(0)[0]);
}

/** Reads a Parquet file on Polars' own threads. */
export function readParquet(path: string): Promise<pl.DataFrame> {
  return pl.scanParquet(path).collect();
}
