export { type Lake, openLake } from './lake.ts';
export { type Manifest, type ManifestEntry, ManifestEntrySchema, type NewManifestEntry } from './manifest.ts';
export type { RawFile, RawInput, RawProvenance } from './raw-store.ts';
export type { LakeFile, Layer, TableAddress, TableInput } from './tables.ts';
