import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Id } from '../schemas/common.ts';
import { Problem } from '../schemas/problem.ts';
import { System, SystemHistory } from '../schemas/system.ts';

export const adminRoutes = {
  readHealth: {
    method: 'GET',
    path: '/health',
    tag: 'admin',
    summary: 'Whether the server is alive',
    responses: { 200: z.literal(true) },
  },
  readReady: {
    method: 'GET',
    path: '/ready',
    tag: 'admin',
    summary: 'Whether the server can do its work: its stores answer',
    responses: { 200: z.object({ message: z.string() }) },
  },
  readHello: {
    method: 'GET',
    path: '/hello',
    tag: 'admin',
    summary: 'A greeting',
    responses: { 200: z.string() },
  },
  readApiVersion: {
    method: 'GET',
    path: '/version',
    tag: 'admin',
    summary: "The version of Prefect's API that this server speaks",
    responses: { 200: z.string() },
  },
  readServerVersion: {
    method: 'GET',
    path: '/admin/version',
    tag: 'admin',
    summary: "The version of Prefect's server that this one stands in for",
    responses: { 200: z.string() },
  },
  readStorage: {
    method: 'GET',
    path: '/admin/storage',
    tag: 'admin',
    summary: 'Where results are stored by default: nowhere but in the run records',
    responses: { 200: z.object({ default_result_storage_block_id: Id.nullable() }) },
  },
  readCsrfToken: {
    method: 'GET',
    path: '/csrf-token',
    tag: 'admin',
    summary: 'Says that requests need no CSRF token',
    query: z.object({ client: z.string().optional() }),
    responses: { 422: Problem },
  },
  readSystem: {
    method: 'GET',
    path: '/system',
    tag: 'admin',
    summary: 'What runs here: version, stores, memory, processor, disk',
    responses: { 200: System },
  },
  readSystemHistory: {
    method: 'GET',
    path: '/system/history',
    tag: 'admin',
    summary: "The server's own samples of processor, memory, disk, queues and requests",
    query: z.object({ hours: z.number().min(0.1).max(24).optional() }),
    responses: { 200: SystemHistory },
  },
} as const satisfies RouteTable;
