import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Artifact, ArtifactCollection, ArtifactConditions, ArtifactQuery, RunMetrics } from '../schemas/artifact.ts';
import { Count, Id } from '../schemas/common.ts';

const byId = z.object({ id: Id });

export const artifactRoutes = {
  filterArtifacts: {
    method: 'POST',
    path: '/artifacts/filter',
    tag: 'artifacts',
    summary: 'List artifacts of runs',
    body: ArtifactQuery,
    responses: { 200: z.array(Artifact) },
  },
  countArtifacts: {
    method: 'POST',
    path: '/artifacts/count',
    tag: 'artifacts',
    summary: 'Count artifacts',
    body: z.object(ArtifactConditions),
    responses: { 200: Count },
  },
  filterLatestArtifacts: {
    method: 'POST',
    path: '/artifacts/latest/filter',
    tag: 'artifacts',
    summary: 'List the latest artifact of each key',
    body: ArtifactQuery,
    responses: { 200: z.array(ArtifactCollection) },
  },
  countLatestArtifacts: {
    method: 'POST',
    path: '/artifacts/latest/count',
    tag: 'artifacts',
    summary: 'Count the keys of artifacts',
    body: z.object(ArtifactConditions),
    responses: { 200: Count },
  },
  readLatestArtifact: {
    method: 'GET',
    path: '/artifacts/{key}/latest',
    tag: 'artifacts',
    summary: 'The latest artifact of a key',
    params: z.object({ key: z.string() }),
    responses: { 200: Artifact },
  },
  readArtifact: {
    method: 'GET',
    path: '/artifacts/{id}',
    tag: 'artifacts',
    summary: 'One artifact',
    params: byId,
    responses: { 200: Artifact },
  },
  deleteArtifact: {
    method: 'DELETE',
    path: '/artifacts/{id}',
    tag: 'artifacts',
    summary: 'Remove an artifact; its run stays',
    params: byId,
    responses: { 204: null },
  },
  readRunMetrics: {
    method: 'GET',
    path: '/flow_runs/{id}/metrics',
    tag: 'artifacts',
    summary: "How long the run took and what it made, beside the flow's last 30 completed runs",
    params: byId,
    responses: { 200: RunMetrics },
  },
} as const satisfies RouteTable;
