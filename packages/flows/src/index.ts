export { ingestFlow } from './ingest.ts';
export { latestPublished } from './publication.ts';
export type { IngestResult } from './references.ts';
export type { Services } from './services.ts';
export { sweepStaging } from './staging.ts';
