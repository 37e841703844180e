/** A file of the lake whose rows are to be sent to a topic. */
export interface NewReference {
  readonly topic: string;
  readonly dataset: string;
  /** Which part of the dataset's day: the slice, or one snapshot of it. */
  readonly slice: string;
  /** YYYY-MM-DD */
  readonly businessDate: string;
  /** Names the revision of the exchange's files that the rows are of. */
  readonly source: string;
  readonly schemaVersion: number;
  /** Folder of the lake; null is the configured one. */
  readonly lake: string | null;
  /** The pinned Parquet file, relative to the lake. Its columns include event_id and entity_id. */
  readonly path: string;
  /** Of the file, hexadecimal. */
  readonly sha256: string;
  readonly rows: number;
}

/** One that waits to be sent, or to be sent on. */
export interface Reference extends NewReference {
  readonly id: string;
  /** The how manieth statement about these facts it is on its topic, from 1. */
  readonly revision: number;
  /** Rows that Kafka has acknowledged, from the file's beginning. */
  readonly rowsSent: number;
  /** Tries of this reference that failed by a fault of its own. */
  readonly attempts: number;
}

/** What the outbox says of one topic. */
export interface TopicStatus {
  readonly topic: string;
  /** References that wait. */
  readonly waiting: number;
  /** Their rows that Kafka has not acknowledged. */
  readonly waitingRows: number;
  /** Since when the oldest of them waits. */
  readonly oldest: Date | null;
  /** Rows that were ever acknowledged. */
  readonly sentRows: number;
  readonly lastSentAt: Date | null;
  /** Tries that ever failed. */
  readonly failures: number;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
}
