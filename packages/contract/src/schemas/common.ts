import type { BusinessDate } from '@champion/core';
import { z } from 'zod';
import { PAGE_LIMIT } from '../words.ts';

/** Any UUID, whatever its version: DBOS, Prefect's clients and PostgreSQL make different ones. */
export const Id = z.guid();

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** A moment with its zone. Clients write it with "T" or with a space, to the second or to the microsecond. */
export const Instant = z
  .string()
  .refine((text) => INSTANT.test(text) && !Number.isNaN(Date.parse(text)), {
    message: 'expected an instant such as 2026-01-12T12:30:00Z',
  })
  .meta({ format: 'date-time' });

/** A business date, YYYY-MM-DD. Only its type tells it from other text, so that a response can be checked as it is. */
export const Day = z.iso.date() as unknown as z.ZodType<BusinessDate, string>;

export const Count = z.int().nonnegative();

export const JsonObject = z.record(z.string(), z.unknown());

export const Tags = z.array(z.string());

/**
 * A response field of ours that Prefect's server does not send. The compiler demands it of our server; an answer without
 * it still validates, so that recorded and foreign answers do.
 */
export function ours<T extends z.ZodType>(schema: T): T {
  return schema.optional() as unknown as T;
}

/** What every stored thing carries. */
export const Stored = { id: Id, created: Instant, updated: Instant };

/** Where a page begins and how long it is. Clients send null for "as you like". */
export const Page = {
  limit: z.int().min(0).max(PAGE_LIMIT).nullish(),
  offset: Count.nullish(),
};

/** A numbered page, as lists with a pager want it. */
export const NumberedPage = {
  page: z.int().positive().nullish(),
  limit: z.int().min(1).max(PAGE_LIMIT).nullish(),
};

/** A page of a list with its place among the others. */
export function paginated<T extends z.ZodType>(item: T) {
  return z.object({
    results: z.array(item),
    count: Count,
    limit: Count,
    pages: Count,
    page: z.int().positive(),
  });
}
