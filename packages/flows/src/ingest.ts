import { BusinessDateSchema } from '@champion/core';
import { type AnyFlow, type Completed, completed, flow, task } from '@champion/engine';
import { z } from 'zod';
import { latestPublished } from './publication.ts';
import type { BronzeReference, IngestResult, RawReference, SilverReference, TableReference } from './references.ts';
import type { Services } from './services.ts';
import { inSession, type Session, type SessionReference } from './session.ts';
import { Staging } from './staging.ts';
import { load } from './steps/load.ts';
import { normalize } from './steps/normalize.ts';
import { parse } from './steps/parse.ts';
import { scrape } from './steps/scrape.ts';
import { write } from './steps/write.ts';

/** An attempt of a task that takes longer has hung: a day's work is well under a second, a slow exchange under a minute. */
const FETCH_TIMEOUT_MS = 180_000;
const WORK_TIMEOUT_MS = 120_000;

/**
 * The pipeline of one dataset and session: scrape → parse → normalise → write → load. Each task leaves its result in the
 * lake and hands on a reference, so a killed run resumes where it was; running a session again changes nothing unless
 * the exchange changed its file.
 */
export function ingestFlow(dataset: Session['dataset'], services: Services): AnyFlow {
  const { tasks: names, retries } = dataset.flow;
  const { calendar, clock } = services;

  const scrapeTask = task(
    { name: names.scrape, retries, timeoutMs: FETCH_TIMEOUT_MS },
    (input: SessionReference & { readonly file: string | null }, context) =>
      inSession(dataset, services, input, context, (session) => scrape(input, session)),
  );
  const parseTask = task({ name: names.parse, timeoutMs: WORK_TIMEOUT_MS }, (input: RawReference, context) =>
    inSession(dataset, services, input, context, (session) => parse(input, session)),
  );
  const normalizeTask = task({ name: names.normalize, timeoutMs: WORK_TIMEOUT_MS }, (input: BronzeReference, context) =>
    inSession(dataset, services, input.raw, context, (session) => normalize(input, session)),
  );
  const writeTask = task({ name: names.write, timeoutMs: WORK_TIMEOUT_MS }, (input: SilverReference, context) =>
    inSession(dataset, services, input.raw, context, (session) => write(input, session)),
  );
  const loadTask = task({ name: names.load, retries, timeoutMs: WORK_TIMEOUT_MS }, (input: TableReference, context) =>
    inSession(dataset, services, input.raw, context, (session) => load(input, session)),
  );

  return flow(
    {
      name: dataset.flow.name,
      description: dataset.flow.description,
      parameters: z.strictObject({
        trade_date: BusinessDateSchema.default(() => latestPublished(dataset, calendar, clock)),
        load_to_clickhouse: z.boolean().default(true),
        output_base_path: z.string().min(1).optional(),
        /** A published file on this machine, instead of asking the exchange. */
        file: z.string().min(1).optional(),
      }),
      runName: ({ trade_date }) => `${dataset.name}-etl-${trade_date}`,
    },
    async ({ trade_date, load_to_clickhouse, output_base_path, file }, context): Promise<Completed<IngestResult>> => {
      const day = calendar.day(trade_date);
      if (!day.open && file === undefined) {
        const said = { weekend: `a ${day.name}`, holiday: `a holiday, ${day.name}`, 'before-first': day.name };
        const reason = `${trade_date} is ${said[day.reason]}`;
        context.log.info(`no session: ${reason}`);
        const result: IngestResult = { outcome: 'NO_SESSION', trade_date, reason };
        return completed(result, { name: 'NoSession', message: `no session: ${reason}` });
      }
      const raw = await scrapeTask({ trade_date, output_base_path: output_base_path ?? null, file: file ?? null });
      const bronze = await parseTask(raw);
      const silver = await normalizeTask(bronze);
      const table = await writeTask(silver);
      if (load_to_clickhouse) await loadTask(table);
      // Not a task: removing the scratch folder twice, or never, changes nothing.
      await new Staging(await services.lake(output_base_path), context.flowRunId).remove();
      const result: IngestResult = {
        outcome: 'LOADED',
        trade_date,
        source_format: silver.format,
        revision: raw.revision,
        rows_in_file: silver.rows_in_file,
        rows_loaded: silver.rows,
        rows_quarantined: silver.rows_quarantined,
        anomalies: silver.anomalies,
        file_size_bytes: table.bytes,
        loaded_to_clickhouse: load_to_clickhouse,
      };
      const said = `${silver.rows} rows loaded, ${silver.rows_quarantined} quarantined`;
      return completed(result, { message: `${said}, ${silver.anomalies.length} anomalies` });
    },
  );
}
