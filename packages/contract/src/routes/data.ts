import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Backfill, BackfillDetail, BackfillRequest } from '../schemas/backfill.ts';
import { Day } from '../schemas/common.ts';
import {
  Coverage,
  Dataset,
  DatasetPreview,
  Revision,
  SliceQuality,
  SqlAnswer,
  SqlRequest,
} from '../schemas/dataset.ts';
import { CalendarDay, Lineage, MarketToday } from '../schemas/market.ts';

const byName = z.object({ name: z.string() });
const byId = z.object({ id: z.string() });

export const dataRoutes = {
  listDatasets: {
    method: 'GET',
    path: '/datasets',
    tag: 'data',
    summary: 'Every dataset: what it is, what is there, how fresh it is',
    responses: { 200: z.array(Dataset) },
  },
  readDataset: {
    method: 'GET',
    path: '/datasets/{name}',
    tag: 'data',
    summary: 'One dataset',
    params: byName,
    responses: { 200: Dataset },
  },
  readCoverage: {
    method: 'GET',
    path: '/datasets/{name}/coverage',
    tag: 'data',
    summary: 'Which sessions of a span are there, slice by slice, and why the others are not',
    params: byName,
    query: z.object({
      /** Default: the first session that was ever tried. */
      from: Day.optional(),
      /** Default: the last session that should be published. */
      to: Day.optional(),
      slice: z.string().optional(),
    }),
    responses: { 200: Coverage },
  },
  readQuality: {
    method: 'GET',
    path: '/datasets/{name}/quality',
    tag: 'data',
    summary: 'How good what was loaded is, the latest session first',
    params: byName,
    query: z.object({
      from: Day.optional(),
      to: Day.optional(),
      slice: z.string().optional(),
      limit: z.int().min(1).max(1000).default(100),
    }),
    responses: { 200: z.array(SliceQuality) },
  },
  listRevisions: {
    method: 'GET',
    path: '/datasets/{name}/revisions',
    tag: 'data',
    summary: "Every version of a session's files that the exchange served, oldest first",
    params: byName,
    query: z.object({ date: Day }),
    responses: { 200: z.array(Revision) },
  },
  previewDataset: {
    method: 'GET',
    path: '/datasets/{name}/preview',
    tag: 'data',
    summary: 'The first rows of a session',
    params: byName,
    query: z.object({
      /** Default: the last session that is there. */
      date: Day.optional(),
      limit: z.int().min(1).max(1000).default(50),
    }),
    responses: { 200: DatasetPreview },
  },
  listBackfills: {
    method: 'GET',
    path: '/backfills',
    tag: 'data',
    summary: 'Every backfill, the one that was last at work first',
    responses: { 200: z.array(Backfill) },
  },
  startBackfill: {
    method: 'POST',
    path: '/backfills',
    tag: 'data',
    summary: 'Load the sessions of a span; the same request again goes on with what is left (200)',
    body: BackfillRequest,
    responses: { 201: Backfill, 200: Backfill },
  },
  readBackfill: {
    method: 'GET',
    path: '/backfills/{id}',
    tag: 'data',
    summary: 'One backfill: how far it is, how fast, and what is not there',
    params: byId,
    responses: { 200: BackfillDetail },
  },
  cancelBackfill: {
    method: 'POST',
    path: '/backfills/{id}/cancel',
    tag: 'data',
    summary: 'End a backfill early; what is loaded stays',
    params: byId,
    responses: { 200: Backfill },
  },
  readLineage: {
    method: 'GET',
    path: '/lineage',
    tag: 'data',
    summary: 'Where the data comes from and what it becomes',
    responses: { 200: Lineage },
  },
  runSql: {
    method: 'POST',
    path: '/sql',
    tag: 'data',
    summary: 'Ask the warehouse; nothing can be changed by it',
    body: SqlRequest,
    responses: { 200: SqlAnswer },
  },
  readCalendar: {
    method: 'GET',
    path: '/calendar',
    tag: 'market',
    summary: 'Each day of a span, up to 366: session or not, of which kind, and why not',
    query: z.object({ from: Day, to: Day }),
    responses: { 200: z.array(CalendarDay) },
  },
  readToday: {
    method: 'GET',
    path: '/calendar/today',
    tag: 'market',
    summary: 'Whether the exchange trades now, and when it does next',
    responses: { 200: MarketToday },
  },
} as const satisfies RouteTable;
