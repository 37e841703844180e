import { z } from 'zod';

// OpenLineage 2-0-2 and the facets that Champion uses, as their specifications have them.

const uri = z.string().refine((text) => URL.canParse(text), 'a URI');
const instant = z.iso.datetime({ offset: true });
const count = z.int().min(0);

function facet<Shape extends z.core.$ZodLooseShape>(name: string, versions: string, shape: Shape) {
  const schema = new RegExp(`^https://openlineage\\.io/spec/facets/${versions}/${name}\\.json#/\\$defs/${name}$`);
  return z.strictObject({ _producer: uri, _schemaURL: z.string().regex(schema), ...shape });
}

const job = { namespace: z.string().min(1), name: z.string().min(1) };
const run = { runId: z.uuid() };

const RunFacets = z.strictObject({
  parent: facet('ParentRunFacet', '1-2-0', {
    run: z.strictObject(run),
    job: z.strictObject(job),
    root: z.strictObject({ run: z.strictObject(run), job: z.strictObject(job) }),
  }).optional(),
  nominalTime: facet('NominalTimeRunFacet', '1-0-1', {
    nominalStartTime: instant,
    nominalEndTime: instant.optional(),
  }).optional(),
  errorMessage: facet('ErrorMessageRunFacet', '1-0-1', {
    message: z.string().min(1),
    programmingLanguage: z.string(),
    stackTrace: z.string().optional(),
  }).optional(),
  processing_engine: facet('ProcessingEngineRunFacet', '1-1-1', {
    version: z.string(),
    name: z.string().optional(),
    openlineageAdapterVersion: z.string().optional(),
  }),
});

const JobFacets = z.strictObject({
  jobType: facet('JobTypeJobFacet', '2-0-4', {
    processingType: z.enum(['BATCH', 'STREAMING', 'SERVICE']),
    integration: z.string(),
    jobType: z.string().optional(),
  }),
  documentation: facet('DocumentationJobFacet', '1-1-0', {
    description: z.string(),
    contentType: z.string().optional(),
  }).optional(),
});

const dataset = {
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: z.strictObject({
    datasetType: facet('DatasetTypeDatasetFacet', '1-0-1', { datasetType: z.string(), subType: z.string().optional() }),
    dataSource: facet('DatasourceDatasetFacet', '1-0-1', { name: z.string(), uri }).optional(),
    version: facet('DatasetVersionDatasetFacet', '1-0-1', { datasetVersion: z.string().min(1) }).optional(),
    schema: facet('SchemaDatasetFacet', '1-2-0', {
      fields: z
        .array(z.strictObject({ name: z.string(), type: z.string().optional(), description: z.string().optional() }))
        .min(1),
    }).optional(),
  }),
};

const statistics = { rowCount: count.optional(), size: count.optional(), fileCount: count.optional() };

const Input = z.strictObject({
  ...dataset,
  inputFacets: z.strictObject({
    inputStatistics: facet('InputStatisticsInputDatasetFacet', '1-0-0', statistics).optional(),
    dataQualityMetrics: facet('DataQualityMetricsInputDatasetFacet', '1-0-3', {
      rowCount: count.optional(),
      bytes: count.optional(),
      fileCount: count.optional(),
      columnMetrics: z.record(z.string(), z.object({})),
    }).optional(),
    dataQualityAssertions: facet('DataQualityAssertionsDatasetFacet', '1-1-0', {
      assertions: z.array(
        z.strictObject({
          assertion: z.string(),
          success: z.boolean(),
          column: z.string().optional(),
          actual: z.string().optional(),
        }),
      ),
    }).optional(),
  }),
});

const Output = z.strictObject({
  ...dataset,
  outputFacets: z.strictObject({
    outputStatistics: facet('OutputStatisticsOutputDatasetFacet', '1-0-2', statistics).optional(),
  }),
});

/** A run event, held against the specification. */
export const SpecRunEvent = z.strictObject({
  eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
  eventTime: instant,
  producer: uri,
  schemaURL: z.literal('https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'),
  run: z.strictObject({ ...run, facets: RunFacets }),
  job: z.strictObject({ ...job, facets: JobFacets }),
  inputs: z.array(Input),
  outputs: z.array(Output),
});
export type SpecRunEvent = z.output<typeof SpecRunEvent>;
