import type { Artifact, ArtifactFilter, HandlersOf } from '@champion/contract';
import type { ArtifactRow, ArtifactSort, ArtifactFilter as EngineFilter } from '@champion/engine';
import type { Conditions } from '../filters/conditions.ts';
import { both, given, supportOnly } from '../filters/support.ts';
import { flowRunIds } from '../filters/task-runs.ts';
import { missing } from '../handlers/find.ts';
import { range } from '../handlers/pages.ts';
import type { ApiParts, Plane } from '../parts.ts';

const SUPPORTED = [
  'id.any_',
  'latest_id.any_',
  'key.any_',
  'key.like_',
  'key.exists_',
  'flow_run_id.any_',
  'task_run_id.any_',
  'type.any_',
  'type.not_any_',
];

type Handlers = Omit<HandlersOf<'artifacts'>, 'readRunMetrics'>;

export function storedArtifactHandlers({ plane }: ApiParts): Handlers {
  const { artifacts } = plane.runs;
  return {
    filterArtifacts: async ({ body }) => {
      const rows = await artifacts.list(await filterOf(plane, body), { sort: sortOf(body.sort), ...range(body) });
      return rows.map(wireArtifact);
    },
    countArtifacts: async ({ body }) => artifacts.count(await filterOf(plane, body)),
    filterLatestArtifacts: async ({ body }) => {
      const options = { sort: sortOf(body.sort), ...range(body), latest: true };
      const rows = await artifacts.list(await filterOf(plane, body), options);
      return rows.map((row) => ({ ...wireArtifact(row), key: row.key, latest_id: row.id }));
    },
    countLatestArtifacts: async ({ body }) => artifacts.count(await filterOf(plane, body), { latest: true }),
    readLatestArtifact: async ({ params: { key } }) =>
      wireArtifact((await artifacts.latest(key)) ?? missing('artifact', key, 'prefect artifact ls')),
    readArtifact: async ({ params: { id } }) =>
      wireArtifact((await artifacts.find(id)) ?? missing('artifact', id, 'prefect artifact ls')),
    deleteArtifact: async ({ params: { id } }) => {
      if (!(await artifacts.remove(id))) missing('artifact', id, 'prefect artifact ls');
    },
  };
}

async function filterOf(
  plane: Plane,
  { artifacts, ...ofRuns }: Conditions & { readonly artifacts?: ArtifactFilter | null | undefined },
): Promise<EngineFilter> {
  supportOnly('artifacts', artifacts, SUPPORTED);
  return given({
    // Every artifact of ours has a key.
    ids: artifacts?.key?.exists_ === false ? [] : both(artifacts?.id?.any_, artifacts?.latest_id?.any_),
    keys: artifacts?.key?.any_ ?? undefined,
    keyContains: artifacts?.key?.like_ ?? undefined,
    taskRunIds: artifacts?.task_run_id?.any_ ?? undefined,
    flowRunIds: both(artifacts?.flow_run_id?.any_, await flowRunIds(plane, ofRuns)),
    kinds: artifacts?.type?.any_ ?? undefined,
    notKinds: artifacts?.type?.not_any_ ?? undefined,
  });
}

const SORTS: Readonly<Record<string, ArtifactSort>> = {
  UPDATED_DESC: 'updatedDesc',
  KEY_DESC: 'keyDesc',
  KEY_ASC: 'keyAsc',
};

/** Ids grow with nothing: those who sort by them want the latest first. */
function sortOf(sort: string | null | undefined): ArtifactSort {
  return SORTS[sort ?? ''] ?? 'createdDesc';
}

function wireArtifact(row: ArtifactRow): Artifact {
  return {
    id: row.id,
    created: row.createdAt.toISOString(),
    updated: row.updatedAt.toISOString(),
    key: row.key,
    type: row.kind,
    description: row.description,
    data: row.data,
    metadata_: null,
    flow_run_id: row.flowRunId,
    task_run_id: row.taskRunId,
  };
}
