import { rm } from 'node:fs/promises';
import { plural } from '@champion/core';
import { pinFile } from '@champion/events';
import pl from 'nodejs-polars';
import { readParquet, writeParquet } from '../parquet.ts';
import type { WrittenSlice } from '../references.ts';
import type { Session } from '../session.ts';

export const PUBLISH_TASK = 'publish_events';

const ENVELOPE = ['event_id', 'event_time', 'ingest_time', 'source', 'schema_version', 'entity_id'];

/**
 * Leaves the slice's rows to be sent to the dataset's topics: a reference each to a file that stays as it is. A revision
 * that was left before is not left again.
 */
export async function publish(input: WrittenSlice, session: Session): Promise<WrittenSlice> {
  const { topics } = session.dataset;
  await handOver(input, session, topics.rows, async (use) => use(session.lake.absolute(input.silver)));
  const { published } = topics;
  if (published !== undefined) {
    await handOver(input, session, published.topic, (use) => withPublished(input, session, published.entityIds, use));
  }
  return input;
}

/** @param file gives a file to be pinned, which need only be there for as long as it is used */
async function handOver(
  { part, source }: WrittenSlice,
  { services, dataset, date, lake, task }: Session,
  topic: string,
  file: (use: (path: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (services.events === undefined) throw new RangeError('this process has no outbox for events');
  const outbox = await services.events.outbox();
  const statement = { topic, slice: part, businessDate: date, source, schemaVersion: dataset.schemaVersion };
  if (await outbox.isSent(statement)) {
    task.log.info(`${topic} has these rows already`);
    return;
  }
  const own = await services.lake(undefined);
  await file(async (path) => {
    const pin = await pinFile(lake.root, path);
    const sources = (await pl.scanParquet(lake.absolute(pin.path)).select('source').collect()).getColumn('source');
    if (sources.length > 0 && sources.get(0) !== source) {
      task.log.info(`${topic}: another run has replaced these rows meanwhile, and hands over its own`);
      return;
    }
    const { length } = sources;
    const revision = await outbox.handOver({
      ...statement,
      ...pin,
      dataset: dataset.name,
      // Named by its root, for a relative path is another one to whoever sends; the platform's own has no name.
      lake: lake.root === own.root ? null : lake.root,
      rows: length,
    });
    if (revision === undefined) task.log.info(`${topic}: ${plural(length, 'row')} wait already`);
    else task.log.info(`${topic}: ${plural(length, 'row')} wait to be sent, revision ${revision}`);
  });
}

/** The rows of the main file as they were printed, each with the envelope of the silver row that was made of it. */
async function withPublished(
  { bronze, silver }: WrittenSlice,
  { lake, slice, staging }: Session,
  entityIds: (bronze: pl.DataFrame) => readonly string[],
  use: (path: string) => Promise<void>,
): Promise<void> {
  const path = bronze[slice.inputs[0].name];
  if (path === undefined) return;
  const rows = await readParquet(lake.absolute(path));
  const envelopes = (await readParquet(lake.absolute(silver))).select(...ENVELOPE);
  const told = rows
    .drop('source_line')
    .withColumn(pl.Series('entity_id', [...entityIds(rows)], pl.String))
    // Rows of one entity are quarantined but for one.
    .unique({ subset: ['entity_id'], keep: 'first', maintainOrder: true })
    .join(envelopes, { on: 'entity_id', how: 'inner' });
  const joined = await staging.write(`${slice.name}.published.parquet`, (temporary) => writeParquet(told, temporary));
  await use(lake.absolute(joined));
  await rm(lake.absolute(joined), { force: true });
}
