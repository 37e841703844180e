import type { BusinessDate } from '@champion/core';
import type { PublishedFile } from '../bhavcopy/eras.ts';
import type { FileSource } from './files.ts';

/** What a request asks for: one file, or one answer of the site's API, of one session. Faults are made of it. */
export interface Subject {
  /** Without the query. */
  readonly path: string;
  /** The session it tells of; a fault for one date waits for it. */
  readonly date: BusinessDate;
  /** Content type. */
  readonly type: string;
  /** Whether it is there for a client to have, by the calendar and the clock. */
  readonly exists: boolean;
  /** Whether the site answers only to callers with the home page's cookies. */
  readonly cookies?: boolean;
  /** The bytes; undefined when they are gone. Asked only of what exists. */
  read(): Promise<Buffer | undefined>;
  /** The same of the session before, or after if there is none before; undefined if neither. */
  other(): Subject | undefined;
}

/** Finds what a path and a query name; undefined when they are another's. */
export type Route = (path: string, query: URLSearchParams) => Subject | undefined;

/** A file of the archives. */
export function fileSubject(file: PublishedFile, files: FileSource): Subject {
  return {
    path: file.path,
    date: file.date,
    type: file.path.endsWith('.zip') ? 'application/zip' : 'text/csv',
    exists: files.has(file),
    read: () => files.read(file),
    other: () => {
      const other = files.other(file);
      return other && fileSubject(other, files);
    },
  };
}
