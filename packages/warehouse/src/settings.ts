import type { ClickHouseSettings } from '@clickhouse/client';

/**
 * How every answer is read: replaced rows hidden, and 64-bit integers and decimals as text with all their places,
 * because a JSON number is a float.
 */
export const READ_SETTINGS: ClickHouseSettings = {
  final: 1,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_decimal_trailing_zeros: 1,
};

/** How files are written: replaced rows hidden, one file and not a second beside it. */
export const WRITE_SETTINGS: ClickHouseSettings = {
  final: 1,
  engine_file_truncate_on_insert: 1,
  output_format_parquet_compression_method: 'zstd',
};

/**
 * How files are loaded. A null where the table allows none, and a column that the file lacks, are errors rather than
 * zeros. Replicated tables must not take a return to an earlier revision for a repeated insert and drop it.
 */
export const LOAD_SETTINGS: ClickHouseSettings = {
  input_format_null_as_default: 0,
  input_format_parquet_allow_missing_columns: 0,
  insert_deduplicate: 0,
};
