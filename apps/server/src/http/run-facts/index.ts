import type { HandlersOf } from '@champion/contract';
import type { ApiParts } from '../parts.ts';
import { storedArtifactHandlers } from './artifacts.ts';
import { metricHandlers } from './metrics.ts';

/** What runs leave to be read, and how they compare with those before them. */
export function artifactHandlers(parts: ApiParts): HandlersOf<'artifacts'> {
  return { ...storedArtifactHandlers(parts), ...metricHandlers(parts) };
}
