import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Day } from '../schemas/common.ts';
import { SqlExportRequest } from '../schemas/dataset.ts';
import { LakeFile } from '../schemas/lake-file.ts';

const ANY_FILE = ['application/octet-stream'] as const;

export const fileRoutes = {
  listFiles: {
    method: 'GET',
    path: '/datasets/{name}/files',
    tag: 'data',
    summary: "A day's files of a dataset: as served (every revision), as published, normalised, rejected",
    params: z.object({ name: z.string() }),
    query: z.object({ date: Day }),
    responses: { 200: z.array(LakeFile) },
  },
  downloadFile: {
    method: 'GET',
    path: '/datasets/{name}/files/{date}/{id}',
    tag: 'data',
    summary: 'One of these files',
    params: z.object({ name: z.string(), date: Day, id: z.string() }),
    responses: { 200: null },
    file: ANY_FILE,
  },
  listGoldFiles: {
    method: 'GET',
    path: '/gold/files',
    tag: 'data',
    summary: "A session's gold files",
    query: z.object({ date: Day }),
    responses: { 200: z.array(LakeFile) },
  },
  downloadGoldFile: {
    method: 'GET',
    path: '/gold/files/{date}/{id}',
    tag: 'data',
    summary: 'One of these files',
    params: z.object({ date: Day, id: z.string() }),
    responses: { 200: null },
    file: ANY_FILE,
  },
  exportSql: {
    method: 'POST',
    path: '/sql/export',
    tag: 'data',
    summary: 'The whole answer to a query as a file; one that is too large is refused, never cut off',
    body: SqlExportRequest,
    responses: { 200: null },
    file: ['text/csv', 'application/vnd.apache.parquet'],
  },
} as const satisfies RouteTable;
