import { type BusinessDate, BusinessDateSchema, plural } from '@champion/core';
import { artifact } from '@champion/engine';
import type { DataQuality } from '@champion/warehouse';
import { passRate, qualityOf } from './quality.ts';
import type { Step, WrittenSlice } from './references.ts';
import type { Dataset } from './session.ts';

// What an ingest run leaves for people: how good the rows were, and where the files are.

/** Lines of anomalies that a report shows; all of them are in the run's result. */
const ANOMALIES_SHOWN = 50;
const FILES_SHOWN = 500;

/** The run's quality report, `<dataset>-quality`. */
export async function leaveQuality(
  dataset: Dataset,
  { request, slices }: Step<WrittenSlice>,
  flowRunId: string,
): Promise<void> {
  const date = BusinessDateSchema.parse(request.trade_date);
  const told = slices.map((slice) => qualityOf(slice, { dataset, date, task: { flowRunId } }));
  await artifact({
    key: `${dataset.name}-quality`,
    kind: 'markdown',
    description: `Quality of ${dataset.name} on ${date}`,
    markdown: qualityMarkdown(date, told, slices),
  });
}

/** Where the run's files are, `<dataset>-files`, and the page that has them, `<dataset>-page`. */
export async function leaveFiles(dataset: Dataset, { request, slices }: Step<WrittenSlice>): Promise<void> {
  const date = request.trade_date;
  await artifact({
    key: `${dataset.name}-files`,
    kind: 'table',
    description: `Files of ${dataset.name} on ${date}, in the lake`,
    rows: slices.flatMap(filesOf).slice(0, FILES_SHOWN),
  });
  // A folder that was chosen for this run is none that the web app looks into.
  if (request.output_base_path !== null) return;
  await artifact({
    key: `${dataset.name}-page`,
    kind: 'link',
    description: 'The same files, to be downloaded',
    href: `/datasets/${dataset.name}?tab=files&day=${date}`,
    text: `Files of ${dataset.name} on ${date}`,
  });
}

interface FileRow extends Record<string, unknown> {
  readonly layer: string;
  readonly slice: string;
  readonly path: string;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly revision: number | null;
}

function filesOf(slice: WrittenSlice): FileRow[] {
  const none = { slice: slice.slice, rows: null, bytes: null, revision: null };
  return [
    ...slice.files.map(({ path, bytes, revision }) => ({ layer: 'raw', ...none, path, bytes, revision })),
    ...Object.values(slice.bronze).map((path) => ({ layer: 'bronze', ...none, path })),
    { layer: 'silver', ...none, path: slice.silver, rows: slice.rows, bytes: slice.bytes },
    ...(slice.quarantine === null
      ? []
      : [{ layer: 'quarantine', ...none, path: slice.quarantine.path, rows: slice.quarantine.rows }]),
  ];
}

/** For people: in a sentence, slice by slice, and which rules were broken. */
export function qualityMarkdown(
  date: BusinessDate,
  told: readonly DataQuality[],
  slices: readonly Pick<WrittenSlice, 'slice' | 'anomalies'>[],
): string {
  const sum = (of: (quality: DataQuality) => number) => told.reduce((total, quality) => total + of(quality), 0);
  const [processed, filtered] = [sum((each) => each.rows_processed), sum((each) => each.rows_filtered)];
  const anomalies = sum((each) => each.anomalies_detected);
  const valid = passRate({ validation_pass_rate: processed === 0 ? 1 : 1 - filtered / processed });
  const lines = slices.flatMap(({ slice, anomalies: found }) =>
    found.map(({ rule, message }) => `- \`${rule}\`${slices.length > 1 ? ` of ${slice}` : ''}: ${plain(message)}`),
  );
  const more = lines.length - ANOMALIES_SHOWN;
  return [
    `**${valid} valid** on ${date}: ${plural(processed, 'row')}, ${number(filtered)} quarantined, ${plural(anomalies, 'anomaly', 'anomalies')}.`,
    '',
    '| Slice | Rows | Expected | Valid | Quarantined | Anomalies |',
    '|---|--:|--:|--:|--:|--:|',
    ...told.map(
      (each) =>
        `| ${each.slice} | ${number(each.rows_processed)} | ${each.rows_expected === null ? '–' : number(each.rows_expected)} | ${passRate(each)} | ${number(each.rows_filtered)} | ${number(each.anomalies_detected)} |`,
    ),
    ...broken(told),
    ...(lines.length === 0 ? [] : ['', '### Anomalies', '', ...lines.slice(0, ANOMALIES_SHOWN)]),
    ...(more > 0 ? ['', `and ${number(more)} more: see the result of the run.`] : []),
    '',
  ].join('\n');
}

function broken(told: readonly DataQuality[]): string[] {
  const rules = new Map<string, number>();
  for (const { hard_rules } of told) {
    for (const [rule, rows] of Object.entries(hard_rules)) rules.set(rule, (rules.get(rule) ?? 0) + rows);
  }
  if (rules.size === 0) return [];
  const lines = [...rules].sort(([, a], [, b]) => b - a).map(([rule, rows]) => `- \`${rule}\`: ${plural(rows, 'row')}`);
  return ['', '### Quarantined, by the rule they broke', '', ...lines];
}

/** On one line, and no markup of ours. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[`*|[\]]/g, '\\$&');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
