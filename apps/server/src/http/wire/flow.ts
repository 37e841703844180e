import type { Flow } from '@champion/contract';
import type { FlowRow } from '@champion/engine';
import { instant } from './instant.ts';

export function wireFlow(row: FlowRow): Flow {
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.updatedAt),
    name: row.name,
    tags: [...row.tags],
    labels: {},
    description: row.description,
    parameters: { ...row.parameters },
  };
}
