import type { PublishedFile } from '../bhavcopy/eras.ts';

/** Where the exchange's files come from: made up, or from a folder. */
export interface FileSource {
  readonly mode: 'generated' | 'replay';
  /** Facts for the status page. JSON-serialisable. */
  describe(): Readonly<Record<string, unknown>>;
  /** Whether `file` is there for a client to have, by the calendar and the clock. Cheap. */
  has(file: PublishedFile): boolean;
  /** The published bytes; undefined when the file is gone. Asked only for files that it `has`. */
  read(file: PublishedFile): Promise<Buffer | undefined>;
  /** The file of the same kind for the session before, or after if there is none before; undefined if neither. */
  other(file: PublishedFile): PublishedFile | undefined;
}
