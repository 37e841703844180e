/** OpenLineage's run event, spec 2-0-2, as far as it is used here. */
export interface RunEvent {
  readonly eventType: 'START' | 'RUNNING' | 'COMPLETE' | 'FAIL' | 'ABORT';
  /** ISO 8601. */
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Readonly<Record<string, Facet>> };
  readonly job: Job & { readonly facets: Readonly<Record<string, Facet>> };
  readonly inputs: readonly InputDataset[];
  readonly outputs: readonly OutputDataset[];
}

export interface Job {
  readonly namespace: string;
  readonly name: string;
}

interface Dataset {
  /** The store: "file", "clickhouse://host:8123". With the name it is the same wherever a dataset is told of. */
  readonly namespace: string;
  readonly name: string;
  readonly facets: Readonly<Record<string, Facet>>;
}

export interface InputDataset extends Dataset {
  readonly inputFacets: Readonly<Record<string, Facet>>;
}

export interface OutputDataset extends Dataset {
  readonly outputFacets: Readonly<Record<string, Facet>>;
}

export interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [property: string]: unknown;
}

const SPEC = 'https://openlineage.io/spec';
export const SCHEMA_URL = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

/** The versions of the facets' own schemas. */
const FACETS = {
  parent: '1-2-0/ParentRunFacet',
  nominalTime: '1-0-1/NominalTimeRunFacet',
  errorMessage: '1-0-1/ErrorMessageRunFacet',
  processing_engine: '1-1-1/ProcessingEngineRunFacet',
  jobType: '2-0-4/JobTypeJobFacet',
  documentation: '1-1-0/DocumentationJobFacet',
  schema: '1-2-0/SchemaDatasetFacet',
  dataSource: '1-0-1/DatasourceDatasetFacet',
  version: '1-0-1/DatasetVersionDatasetFacet',
  datasetType: '1-0-1/DatasetTypeDatasetFacet',
  outputStatistics: '1-0-2/OutputStatisticsOutputDatasetFacet',
  inputStatistics: '1-0-0/InputStatisticsInputDatasetFacet',
  dataQualityMetrics: '1-0-3/DataQualityMetricsInputDatasetFacet',
  dataQualityAssertions: '1-1-0/DataQualityAssertionsDatasetFacet',
} as const;

type FacetName = keyof typeof FACETS;

/** Makes facets, each under its name: `{ ...facet('version', { datasetVersion }) }`. */
export type FacetMaker = (name: FacetName, content: Readonly<Record<string, unknown>>) => Record<string, Facet>;

/** What says who told: a URI. */
export function producerOf(version: string): string {
  return `urn:champion:${version}`;
}

export function facetsBy(producer: string): FacetMaker {
  return (name, content) => {
    const path = FACETS[name];
    const schema = `${SPEC}/facets/${path}.json#/$defs/${path.split('/')[1]}`;
    return { [name]: { _producer: producer, _schemaURL: schema, ...content } };
  };
}
