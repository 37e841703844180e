import { BusinessDateSchema, businessDate } from '@champion/core';
import { z } from 'zod';
import { type DataQuality, DataQualitySchema } from '../data-quality.ts';
import type { NamedQuery } from '../named-query.ts';
import sql from './data-quality.sql';

const Params = z.object({
  from: BusinessDateSchema.default(businessDate('1994-11-03')),
  to: BusinessDateSchema.default(businessDate('2149-06-06')),
  /** None: all. */
  slices: z.array(z.string()).default([]),
  /** A run's id or its beginning. Without it, each slice's day is told by the run that loaded it last. */
  run: z.string().default(''),
  /** The latest so many days and slices. */
  limit: z.number().int().min(1).max(10_000).default(100),
});

/** Data quality by slice and day, latest first. */
export const dataQuality: NamedQuery<z.input<typeof Params>, DataQuality> = {
  name: 'data_quality',
  sql,
  params: Params,
  row: DataQualitySchema,
};
