import { PAGE_LIMIT } from '@champion/contract';

interface Asked {
  readonly page?: number | null | undefined;
  readonly limit?: number | null | undefined;
}

/** Where a numbered page begins. */
export function slice({ page, limit }: Asked): { readonly limit: number; readonly offset: number } {
  const rows = limit ?? PAGE_LIMIT;
  return { limit: rows, offset: ((page ?? 1) - 1) * rows };
}

/** A page with its place among the others. */
export function numbered<T>(results: readonly T[], count: number, asked: Asked) {
  const { limit } = slice(asked);
  return { results, count, limit, pages: Math.ceil(count / limit), page: asked.page ?? 1 };
}

/** What a list takes of a request that says null for "as you like". */
export function range(asked: {
  readonly limit?: number | null | undefined;
  readonly offset?: number | null | undefined;
}) {
  return { limit: asked.limit ?? PAGE_LIMIT, offset: asked.offset ?? 0 };
}
