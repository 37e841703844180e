import { basename } from 'node:path';
import { BusinessDateSchema, plural } from '@champion/core';
import { type Completed, completed, type Flow, flow, type Task, type TaskContext, task } from '@champion/engine';
import { z } from 'zod';
import { leaveFiles, leaveQuality } from './ingest-artifacts.ts';
import { latestPublished } from './publication.ts';
import type {
  BronzeSlice,
  IngestResult,
  RawSlice,
  Request,
  SilverSlice,
  SliceResult,
  Step,
  WrittenSlice,
} from './references.ts';
import type { Services } from './services.ts';
import { type Dataset, failureOf, forEachSlice, type Session } from './session.ts';
import { Staging } from './staging.ts';
import { load, resultOf } from './steps/load.ts';
import { normalize } from './steps/normalize.ts';
import { parse } from './steps/parse.ts';
import { PUBLISH_TASK, publish } from './steps/publish.ts';
import { scrape } from './steps/scrape.ts';
import { write } from './steps/write.ts';

/** An attempt of a task that takes longer has hung: a day's work is under a second, a slow exchange some minutes. */
const FETCH_TIMEOUT_MS = 900_000;
const WORK_TIMEOUT_MS = 120_000;

export type IngestFlow = Flow<z.ZodObject, IngestResult>;

/**
 * The pipeline of one dataset and day: scrape → parse → normalise → write (→ publish) → load. Each task leaves its result in the
 * lake and hands on references, so a killed run resumes where it was; running a day again changes nothing unless the
 * exchange changed its files.
 */
export function ingestFlow(dataset: Dataset, services: Services): IngestFlow {
  const { calendar, clock } = services;
  const run = tasksOf(dataset, services);
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
        ...dataset.parameters,
      }),
      runName: ({ trade_date }) => `${dataset.name}-etl-${trade_date}`,
    },
    async (parameters, context): Promise<Completed<IngestResult>> => {
      const { trade_date, load_to_clickhouse, output_base_path, file, ...own } = parameters;
      const day = calendar.day(trade_date);
      if (dataset.per === 'session' && !day.open && file === undefined) {
        const said = { weekend: `a ${day.name}`, holiday: `a holiday, ${day.name}`, 'before-first': day.name };
        const reason = `${trade_date} is ${said[day.reason]}`;
        context.log.info(`no session: ${reason}`);
        const result: IngestResult = { outcome: 'NO_SESSION', trade_date, reason };
        return completed(result, { name: 'NoSession', message: `no session: ${reason}` });
      }
      const raw = await run.scrape({
        trade_date,
        output_base_path: output_base_path ?? null,
        file: file ?? null,
        parameters: own,
      });
      const silver = run.normalize ? await run.normalize(await run.parse(raw)) : await run.parseAndNormalize(raw);
      const table = await run.write(silver);
      // Before they are loaded: a load that fails is no reason not to know what was found.
      await leaveQuality(dataset, table, context.flowRunId);
      await leaveFiles(dataset, table);
      // Before the warehouse: a ClickHouse that is away keeps nothing from those who listen to Kafka.
      const handed = table.request.publish === true ? await run.publish(table) : table;
      const done = load_to_clickhouse ? await run.load(handed) : handed;
      // Not a task: removing the scratch folder twice, or never, changes nothing.
      await new Staging(await services.lake(output_base_path), context.flowRunId).remove();
      if (done.failed.length > 0) throw failureOf(done.failed, done.slices.length + done.failed.length);
      return summary(trade_date, load_to_clickhouse, done.slices.map(resultOf));
    },
  );
}

interface Tasks {
  readonly scrape: Task<Request, Step<RawSlice>>;
  readonly parse: Task<Step<RawSlice>, Step<BronzeSlice>>;
  /** Undefined for a dataset whose flow has no such task. */
  readonly normalize: Task<Step<BronzeSlice>, Step<SilverSlice>> | undefined;
  /** For those. */
  readonly parseAndNormalize: Task<Step<RawSlice>, Step<SilverSlice>>;
  readonly write: Task<Step<SilverSlice>, Step<WrittenSlice>>;
  /** Not part of runs that began without a Kafka. */
  readonly publish: Task<Step<WrittenSlice>, Step<WrittenSlice>>;
  readonly load: Task<Step<WrittenSlice>, Step<WrittenSlice>>;
}

function tasksOf(dataset: Dataset, services: Services): Tasks {
  const { tasks: names, retries } = dataset.flow;
  /** A task that does one step for each slice. */
  const each = <In extends { readonly slice: string }, Out>(
    name: string,
    step: (input: In, session: Session) => Promise<Out>,
    tries = 0,
  ): Task<Step<In>, Step<Out>> =>
    task({ name, retries: tries, timeoutMs: WORK_TIMEOUT_MS }, (input: Step<In>, context) =>
      forEachSlice({ dataset, services, task: context, again: context.attempt <= tries }, input, step),
    );
  return {
    scrape: task(
      { name: names.scrape, retries, timeoutMs: FETCH_TIMEOUT_MS },
      (asked: Request, context: TaskContext) => {
        const request = services.events?.on === true ? { ...asked, publish: true } : asked;
        const date = BusinessDateSchema.parse(request.trade_date);
        const only = request.file === null ? undefined : dataset.recognise(basename(request.file))?.slice;
        const slices = dataset
          .slices(date, request.parameters)
          .filter(({ name }, i) => (request.file === null ? true : only === undefined ? i === 0 : name === only))
          .map(({ name }) => ({ slice: name }));
        const again = context.attempt <= retries;
        return forEachSlice({ dataset, services, task: context, again }, { request, slices, failed: [] }, scrape);
      },
    ),
    parse: each(names.parse, parse),
    normalize: names.normalize === undefined ? undefined : each(names.normalize, normalize),
    parseAndNormalize: each(names.parse, async (raw: RawSlice, session) =>
      normalize(await parse(raw, session), session),
    ),
    write: each(names.write, write),
    publish: each(PUBLISH_TASK, publish, retries),
    load: each(names.load, load, retries),
  };
}

function summary(tradeDate: string, loaded: boolean, slices: readonly SliceResult[]): Completed<IngestResult> {
  const total = (count: (slice: SliceResult) => number) => slices.reduce((sum, slice) => sum + count(slice), 0);
  const rows = total(({ rows_loaded }) => rows_loaded);
  const quarantined = total(({ rows_quarantined }) => rows_quarantined);
  const anomalies = slices.flatMap((slice) => slice.anomalies);
  const result: IngestResult = {
    outcome: 'LOADED',
    trade_date: tradeDate,
    source_format: slices[0]?.source_format ?? '',
    revision: slices[0]?.revision ?? 1,
    rows_in_file: total(({ rows_in_file }) => rows_in_file),
    rows_loaded: rows,
    rows_quarantined: quarantined,
    anomalies,
    file_size_bytes: total(({ file_size_bytes }) => file_size_bytes),
    loaded_to_clickhouse: loaded,
    slices,
  };
  return completed(result, {
    message: `${plural(rows, 'row')} loaded, ${quarantined} quarantined, ${plural(anomalies.length, 'anomaly', 'anomalies')}`,
  });
}
