export { type Lake, openLake } from './lake.ts';
export { type Manifest, type ManifestEntry, ManifestEntrySchema, type NewManifestEntry } from './manifest.ts';
export type { RawFile, RawInput, RawProvenance } from './raw-store.ts';
export type { LakeFile, Layer, OpenedFile, TableAddress, TableDay, TableInput, TablePart } from './tables.ts';
