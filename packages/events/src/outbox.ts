import type pg from 'pg';
import { Database } from './database.ts';
import type { NewReference, Reference, TopicStatus } from './reference.ts';

export interface OutboxOptions {
  /** PostgreSQL; the tables are in its schema `events`. */
  readonly databaseUrl: string;
  /** Gets a line when an idle connection is lost; standard error when not given. */
  readonly log?: (line: string) => void;
}

/** What makes a statement about some facts the same as the one before. */
export type Statement = Pick<NewReference, 'topic' | 'slice' | 'businessDate' | 'source' | 'schemaVersion'>;

/** Any constant will do, as long as every version of Champion uses it. */
const SENDING_LOCK = 4_200_012;
const LONGEST_ERROR = 500;

/**
 * Opens the outbox and brings its tables up to date.
 * @throws ChampionError UNREACHABLE, STORE_FAILED, CONFIG
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { databaseUrl, log = (line: string) => console.error(`events: ${line}`) } = options;
  const database = new Database(databaseUrl, log);
  try {
    await database.migrate();
    return new Outbox(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * References to files whose rows are to be sent, in PostgreSQL: small, and safe before their flow run ends. Every call can
 * throw a ChampionError: UNREACHABLE, STORE_FAILED.
 */
export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether the topic's newest statement about these facts is this one, and all of it was sent. */
  async isSent(statement: Statement): Promise<boolean> {
    const { topic, slice, businessDate, source, schemaVersion } = statement;
    const rows = await this.#database.rows(
      `SELECT 1 FROM events.revisions AS newest
       WHERE topic = $1 AND slice = $2 AND business_date = $3 AND source = $4 AND schema_version = $5
         AND NOT EXISTS (
           SELECT 1 FROM events.outbox AS o
           WHERE (o.topic, o.slice, o.business_date) = (newest.topic, newest.slice, newest.business_date) AND o.sent_at IS NULL
         )`,
      [topic, slice, businessDate, source, schemaVersion],
    );
    return rows.length > 0;
  }

  /**
   * Takes a file over. The same statement again is none: nothing is sent anew. While it waits, its file may be another
   * (written anew from the same source); then that one is sent in its place, as a revision of its own, for some rows of the
   * other may have been sent.
   * @returns the revision that was handed over; undefined when nothing was
   */
  handOver(reference: NewReference): Promise<number | undefined> {
    return this.#database.transaction(async (client) => {
      const revision = await state(client, reference);
      if (revision === undefined) return renew(client, reference);
      await insert(client, reference, revision);
      return revision;
    });
  }

  /** The next reference to be sent; those of the same facts in the order in which they were handed over. */
  async next(): Promise<Reference | undefined> {
    const [row] = await this.#database.rows<ReferenceRow>(
      `SELECT id::text AS id, topic, dataset, slice, business_date::text AS business_date, revision, schema_version, source,
         lake, path, sha256, rows, rows_sent, attempts
       FROM events.outbox AS o
       WHERE sent_at IS NULL AND due_at <= now() AND NOT EXISTS (
         SELECT 1 FROM events.outbox AS earlier
         WHERE (earlier.topic, earlier.slice, earlier.business_date) = (o.topic, o.slice, o.business_date)
           AND earlier.sent_at IS NULL AND earlier.id < o.id
       )
       ORDER BY id LIMIT 1`,
    );
    return row && referenceOf(row);
  }

  /**
   * Marks rows as acknowledged by Kafka.
   * @returns all: these were the last; changed: nothing was marked, for the reference has another file meanwhile
   */
  async markSent(
    { id, topic, sha256, revision, rows }: Reference,
    rowsSent: number,
    count: number,
  ): Promise<'all' | 'more' | 'changed'> {
    return this.#database.transaction(async (client) => {
      const marked = await client.query(
        `UPDATE events.outbox
         SET rows_sent = $3, attempts = 0, last_error = NULL, sent_at = CASE WHEN $3 = rows THEN now() END
         WHERE id = $1 AND sha256 = $2 AND revision = $4 AND sent_at IS NULL`,
        [id, sha256, rowsSent, revision],
      );
      await client.query(
        `INSERT INTO events.topics (topic, rows_sent, last_sent_at) VALUES ($1, $2, now())
         ON CONFLICT (topic) DO UPDATE SET rows_sent = topics.rows_sent + $2, last_sent_at = now()`,
        [topic, count],
      );
      if (marked.rowCount !== 1) return 'changed';
      return rowsSent === rows ? 'all' : 'more';
    });
  }

  /**
   * Records that a try failed.
   * @param againInMs when the reference itself is at fault: it makes way for others for so long. Otherwise it stays due
   */
  async markFailed({ id, topic }: Reference, error: string, againInMs?: number): Promise<void> {
    const said = error.slice(0, LONGEST_ERROR);
    await this.#database.transaction(async (client) => {
      await client.query(
        `INSERT INTO events.topics (topic, failures, last_error, last_error_at) VALUES ($1, 1, $2, now())
         ON CONFLICT (topic) DO UPDATE SET failures = topics.failures + 1, last_error = $2, last_error_at = now()`,
        [topic, said],
      );
      const own = againInMs === undefined ? 0 : 1;
      await client.query(
        `UPDATE events.outbox SET last_error = $2, attempts = attempts + $3, due_at = now() + make_interval(secs => $4)
         WHERE id = $1 AND sent_at IS NULL`,
        [id, said, own, (againInMs ?? 0) / 1_000],
      );
    });
  }

  /** Of every topic that something was ever handed over for, by name. */
  async status(): Promise<TopicStatus[]> {
    const rows = await this.#database.rows<StatusRow>(
      `WITH waiting AS (
         SELECT topic, count(*)::int AS waiting, sum(rows - rows_sent)::bigint AS waiting_rows, min(handed_over_at) AS oldest
         FROM events.outbox WHERE sent_at IS NULL GROUP BY topic
       )
       SELECT topic, coalesce(waiting, 0) AS waiting, coalesce(waiting_rows, 0)::text AS waiting_rows, oldest,
         coalesce(rows_sent, 0)::text AS rows_sent, last_sent_at, coalesce(failures, 0)::text AS failures,
         last_error, last_error_at
       FROM waiting FULL JOIN events.topics USING (topic) ORDER BY topic`,
    );
    return rows.map((row) => ({
      topic: row.topic,
      waiting: row.waiting,
      waitingRows: Number(row.waiting_rows),
      oldest: row.oldest,
      sentRows: Number(row.rows_sent),
      lastSentAt: row.last_sent_at,
      failures: Number(row.failures),
      lastError: row.last_error,
      lastErrorAt: row.last_error_at,
    }));
  }

  /** Whether something waits, due or not. */
  async isEmpty(): Promise<boolean> {
    const [row] = await this.#database.rows<{ waits: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM events.outbox WHERE sent_at IS NULL) AS waits',
    );
    return row?.waits !== true;
  }

  /** Of the given pinned files of a lake those that a reference still waits for. */
  async stillNeeded(lake: string | null, paths: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.rows<{ path: string }>(
      `SELECT DISTINCT path FROM events.outbox
       WHERE sent_at IS NULL AND lake IS NOT DISTINCT FROM $1::text AND path = ANY($2::text[])`,
      [lake, paths],
    );
    return new Set(rows.map(({ path }) => path));
  }

  /** Removes references that were sent so long ago. What was stated last is remembered all the same. @returns how many */
  async prune(olderThanMs: number): Promise<number> {
    const rows = await this.#database.rows(
      'DELETE FROM events.outbox WHERE sent_at < now() - make_interval(secs => $1) RETURNING 1',
      [olderThanMs / 1_000],
    );
    return rows.length;
  }

  /** Does the work while nobody else on the database sends. @returns undefined when another does */
  whileSending<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#database.alone(SENDING_LOCK, work);
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** @returns the revision that the statement is; undefined when it is the newest already */
async function state(client: pg.PoolClient, statement: Statement): Promise<number | undefined> {
  const { topic, slice, businessDate, source, schemaVersion } = statement;
  const { rows } = await client.query<{ revision: number }>(
    `INSERT INTO events.revisions AS newest (topic, slice, business_date, revision, source, schema_version)
     VALUES ($1, $2, $3, 1, $4, $5)
     ON CONFLICT (topic, slice, business_date) DO UPDATE
     SET revision = newest.revision + 1, source = excluded.source, schema_version = excluded.schema_version
     WHERE (newest.source, newest.schema_version) IS DISTINCT FROM (excluded.source, excluded.schema_version)
     RETURNING revision`,
    [topic, slice, businessDate, source, schemaVersion],
  );
  return rows[0]?.revision;
}

async function insert(client: pg.PoolClient, reference: NewReference, revision: number): Promise<void> {
  const { topic, dataset, slice, businessDate, schemaVersion, source, lake, path, sha256, rows } = reference;
  // Without rows there is nothing to send; that it was stated is remembered.
  await client.query(
    `INSERT INTO events.outbox (topic, dataset, slice, business_date, revision, schema_version, source, lake, path, sha256,
       rows, handed_over_at, due_at, sent_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), now(), CASE WHEN $11 = 0 THEN now() END)`,
    [topic, dataset, slice, businessDate, revision, schemaVersion, source, lake, path, sha256, rows],
  );
}

/** @returns the revision that a waiting reference becomes when its file is another now */
async function renew(client: pg.PoolClient, reference: NewReference): Promise<number | undefined> {
  const { topic, slice, businessDate, lake, path, sha256, rows } = reference;
  const facts = [topic, slice, businessDate];
  const { rows: found } = await client.query<{ id: string; sha256: string }>(
    `SELECT o.id::text AS id, sha256 FROM events.outbox AS o
     JOIN events.revisions AS newest USING (topic, slice, business_date, revision)
     WHERE topic = $1 AND slice = $2 AND business_date = $3 AND sent_at IS NULL FOR UPDATE OF o`,
    facts,
  );
  const [waiting] = found;
  if (waiting === undefined) return undefined;
  if (waiting.sha256 === sha256) {
    // It may have been set aside for want of its file, which is there again.
    await client.query('UPDATE events.outbox SET lake = $2, path = $3, due_at = now(), attempts = 0 WHERE id = $1', [
      waiting.id,
      lake,
      path,
    ]);
    return undefined;
  }
  const { rows: next } = await client.query<{ revision: number }>(
    `UPDATE events.revisions SET revision = revision + 1
     WHERE topic = $1 AND slice = $2 AND business_date = $3 RETURNING revision`,
    facts,
  );
  const revision = next[0]?.revision;
  await client.query(
    `UPDATE events.outbox SET lake = $2, path = $3, sha256 = $4, rows = $5, revision = $6, rows_sent = 0, attempts = 0,
       due_at = now(), sent_at = CASE WHEN $5 = 0 THEN now() END
     WHERE id = $1`,
    [waiting.id, lake, path, sha256, rows, revision],
  );
  return revision;
}

interface ReferenceRow {
  readonly id: string;
  readonly topic: string;
  readonly dataset: string;
  readonly slice: string;
  readonly business_date: string;
  readonly revision: number;
  readonly schema_version: number;
  readonly source: string;
  readonly lake: string | null;
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
  readonly rows_sent: number;
  readonly attempts: number;
}

function referenceOf({ business_date, schema_version, rows_sent, ...rest }: ReferenceRow): Reference {
  return { ...rest, businessDate: business_date, schemaVersion: schema_version, rowsSent: rows_sent };
}

interface StatusRow {
  readonly topic: string;
  readonly waiting: number;
  readonly waiting_rows: string;
  readonly oldest: Date | null;
  readonly rows_sent: string;
  readonly last_sent_at: Date | null;
  readonly failures: string;
  readonly last_error: string | null;
  readonly last_error_at: Date | null;
}
