import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { count } from '../../lib/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { CoverageTab } from './coverage-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { FreshnessMark } from './freshness-mark.tsx';
import { PreviewTab } from './preview-tab.tsx';
import { datasetQueries } from './queries.ts';
import { SchemaTab } from './schema-tab.tsx';
import type { DatasetSearch, DatasetTab } from './search.ts';

const QualityTab = lazy(() => import('./quality-tab.tsx'));

export interface DatasetPageProps {
  readonly name: string;
  readonly search: DatasetSearch;
  readonly onSearch: (change: DatasetSearch) => void;
}

const ALL = '*';

export function DatasetPage({ name, search, onSearch }: DatasetPageProps) {
  const { data: dataset, error, refetch } = useQuery(datasetQueries.byName(name));
  const above = (
    <Link to="/datasets" className="link">
      Datasets
    </Link>
  );
  if (error) {
    return (
      <Page>
        <PageHeader title={name} above={above} />
        <ErrorState error={error} title="The dataset could not be read" onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (dataset === undefined) {
    return (
      <Page>
        <PageHeader title={name} above={above} />
        <SkeletonLines lines={8} />
      </Page>
    );
  }
  const tab = search.tab ?? 'coverage';
  const sliced = dataset.slices.length > 1 && (tab === 'coverage' || tab === 'quality');
  return (
    <Page fill={tab === 'preview'}>
      <PageHeader
        title={dataset.name}
        above={above}
        below={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <span>{dataset.title}</span>
            <FreshnessMark state={dataset.freshness.state} />
            {dataset.last_loaded === null ? (
              <span>Nothing loaded yet</span>
            ) : (
              <span>
                {dataset.last_loaded.trade_date}, loaded <Time at={dataset.last_loaded.at} format="relative" />
              </span>
            )}
            <span>{dataset.rows === null ? 'rows unknown' : `${count(dataset.rows)} rows`}</span>
            <span>
              published {dataset.publication.from} – {dataset.publication.deadline} IST
            </span>
            {dataset.latest_only ? <Badge>present only</Badge> : null}
          </span>
        }
        actions={
          sliced ? (
            <Select
              aria-label="Slice"
              value={search.slice ?? ALL}
              onValueChange={(slice) => onSearch({ slice: slice === ALL ? undefined : slice })}
              options={[
                { value: ALL, label: `All ${dataset.slices.length} slices` },
                ...dataset.slices.map((slice) => ({ value: slice, label: slice })),
              ]}
              className="w-52"
            />
          ) : undefined
        }
      />
      <Tabs<DatasetTab>
        value={tab}
        onValueChange={(next) => onSearch({ tab: next === 'coverage' ? undefined : next })}
        tabs={[
          { value: 'coverage', label: 'Coverage' },
          { value: 'quality', label: 'Rows and quality' },
          { value: 'schema', label: 'Schema', count: dataset.columns.length },
          { value: 'files', label: 'Files and revisions' },
          { value: 'preview', label: 'Preview' },
        ]}
      >
        {tab === 'coverage' ? (
          <CoverageTab dataset={dataset} search={search} onSearch={onSearch} />
        ) : tab === 'quality' ? (
          <Suspense fallback={<SkeletonLines />}>
            <QualityTab dataset={dataset} slice={search.slice} />
          </Suspense>
        ) : tab === 'schema' ? (
          <SchemaTab dataset={dataset} />
        ) : tab === 'files' ? (
          <FilesTab dataset={dataset} search={search} onSearch={onSearch} />
        ) : (
          <PreviewTab dataset={dataset} search={search} onSearch={onSearch} />
        )}
      </Tabs>
    </Page>
  );
}
