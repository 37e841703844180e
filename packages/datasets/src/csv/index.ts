export { csvLines, readSessionCsv, type SessionLayout } from './read-session.ts';
export { type ColumnType, type RowLayout, readHeader, type ScannedRows, scanRows, textLines } from './scan-rows.ts';
export { openCsv, refuseOtherDates, requireFile } from './source-file.ts';
export { literal, quote, sql, typedFrame } from './typed-frame.ts';
