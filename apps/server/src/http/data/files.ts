import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FileAnswer, HandlersOf, LakeFile } from '@champion/contract';
import { type BusinessDate, ChampionError, closest } from '@champion/core';
import { type Dataset, defaultSlices, parquetRows } from '@champion/flows';
import type { Lake, TableDay, TablePart } from '@champion/lake';
import { GOLD_TABLES } from '@champion/warehouse';
import { findDataset } from './find.ts';
import type { DataParts } from './parts.ts';
import { checkSpan } from './span.ts';

type Handlers = Pick<HandlersOf<'data'>, 'listFiles' | 'downloadFile' | 'listGoldFiles' | 'downloadGoldFile'>;
type File = Omit<LakeFile, 'rows'>;

/** Files of the lake, found by what the raw store and the tables have: a client names one of a list, never a path. */
export function fileHandlers({ services, datasets }: DataParts): Handlers {
  const ofDataset = async (name: string, date: BusinessDate) => {
    const dataset = findDataset(datasets, name);
    checkSpan({ from: date }, services);
    const lake = await services.lake(undefined);
    return { lake, files: await filesOf(lake, dataset, date) };
  };
  const ofGold = async (date: BusinessDate) => {
    checkSpan({ from: date }, services);
    const lake = await services.lake(undefined);
    const days = await Promise.all(
      GOLD_TABLES.map(({ name }) => tableFiles(lake, { layer: 'gold', table: name, date }, () => null)),
    );
    return { lake, files: days.flat() };
  };
  return {
    listFiles: async ({ params, query }) => {
      const { lake, files } = await ofDataset(params.name, query.date);
      return withRows(lake, files);
    },
    downloadFile: async ({ params }) => {
      const { lake, files } = await ofDataset(params.name, params.date);
      return opened(lake, files, params.id);
    },
    listGoldFiles: async ({ query }) => {
      const { lake, files } = await ofGold(query.date);
      return withRows(lake, files);
    },
    downloadGoldFile: async ({ params }) => {
      const { lake, files } = await ofGold(params.date);
      return opened(lake, files, params.id);
    },
  };
}

/** In the order in which one was made of the other. */
async function filesOf(lake: Lake, dataset: Dataset, date: BusinessDate): Promise<File[]> {
  const slices = defaultSlices(dataset, date);
  const partition = dataset.per === 'session' ? 'trade_date' : 'as_of';
  const raw = slices.map(async (slice) => {
    const entry = await lake.manifest.get(slice.name, date);
    const loaded = entry?.revisions[(entry.current_revision ?? 0) - 1]?.sha256;
    const inputs = slice.inputs.map(async ({ name: input }, position): Promise<File[]> => {
      const revisions = await lake.rawRevisions(input, date);
      return revisions.map(({ path, bytes, revision, sha256, url, status, fetchedAt }, i) => ({
        id: idOf(path),
        layer: 'raw',
        table: input,
        slice: slice.name,
        trade_date: date,
        file_name: `${input}-${date}-revision-${revision}.${path.slice(path.indexOf('.') + 1)}`,
        path,
        bytes,
        raw: {
          revision,
          current: position === 0 ? sha256 === loaded : i === revisions.length - 1,
          sha256,
          url,
          status,
          fetched_at: fetchedAt,
        },
      }));
    });
    return (await Promise.all(inputs)).flat();
  });
  /** A snapshot's part is named after its slice or input, and its time. */
  const named = (part: string, name: string) => part === name || part.startsWith(`${name}.`);
  const sliceOf = (part: string) =>
    slices.find(({ name, inputs }) => named(part, name) || inputs.some((input) => named(part, input.name)))?.name;
  const tables = [
    { layer: 'bronze', table: dataset.name },
    { layer: 'silver', table: dataset.table },
    { layer: 'quarantine', table: dataset.name },
  ] as const;
  const parquet = tables.map((table) => tableFiles(lake, { ...table, date, partition }, sliceOf));
  return (await Promise.all([...raw, ...parquet])).flat();
}

/** @param sliceOf of a part; undefined: it is none of these */
async function tableFiles(
  lake: Lake,
  day: TableDay,
  sliceOf: (part: string) => string | null | undefined,
): Promise<File[]> {
  const { layer, table, date } = day;
  return (await lake.tableDay(day)).flatMap(({ part, path, bytes }: TablePart): File[] => {
    const slice = sliceOf(part);
    if (slice === undefined) return [];
    const name = layer === 'gold' ? table : `${table}-${part}`;
    const file_name = `${layer}-${name}-${date}.parquet`;
    return [{ id: idOf(path), layer, table, slice, trade_date: date, file_name, path, bytes, raw: null }];
  });
}

/** Parquet files say in their last bytes how many rows they have. */
async function withRows(lake: Lake, files: readonly File[]): Promise<LakeFile[]> {
  const counted: LakeFile[] = [];
  for (const file of files) {
    counted.push({ ...file, rows: file.layer === 'raw' ? null : await rowsOf(lake, file.path) });
  }
  return counted;
}

/** Null for a file that is being replaced, or is damaged: that it is there is told all the same. */
async function rowsOf(lake: Lake, path: string): Promise<number | null> {
  try {
    return await parquetRows(lake.absolute(path));
  } catch {
    return null;
  }
}

async function opened(lake: Lake, files: readonly File[], id: string): Promise<FileAnswer> {
  const file = files.find((each) => each.id === id);
  if (file === undefined) throw noSuchFile(id, files);
  const { layer, path, file_name: fileName } = file;
  if (layer === 'raw') {
    // Whole, for its bytes are held against its name before the first of them is given away.
    const bytes = await lake.readRaw(path);
    const content = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    return { fileName, mediaType: 'application/octet-stream', bytes: bytes.byteLength, content };
  }
  const { bytes, content } = await lake.open(path);
  return {
    fileName,
    mediaType: 'application/vnd.apache.parquet',
    bytes,
    content: Readable.toWeb(content) as ReadableStream<Uint8Array>,
  };
}

function noSuchFile(id: string, files: readonly File[]): ChampionError {
  const meant = closest(
    id,
    files.map((file) => file.id),
  );
  return new ChampionError(`there is no file ${id} of this day`, {
    code: 'NOT_FOUND',
    hint:
      meant === undefined ? 'List the files of the day again: it may have been replaced.' : `Did you mean ${meant}?`,
    context: { id },
  });
}

/** The same for as long as the file is where it is; tells nothing of the disk. */
function idOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
