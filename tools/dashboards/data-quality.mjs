import { highIsGood, lowIsGood, of } from './panel.mjs';

/** @type {import('./panel.mjs').Dashboard} */
export const dataQuality = {
  uid: 'champion-data-quality',
  title: 'Champion: data quality',
  description: 'Is the data there, is it whole, and can it be trusted?',
  rows: [
    {
      title: 'Freshness',
      panels: [
        {
          title: 'Stale for',
          description:
            "For how long something is missing that should be there by the exchange's calendar. 0: all is there.",
          type: 'timeseries',
          unit: 's',
          width: 12,
          min: 0,
          queries: [{ expr: of('champion_dataset_staleness_seconds'), legend: '{{dataset}}' }],
        },
        {
          title: 'Loaded up to',
          description: 'The day up to which every slice of a dataset is loaded.',
          type: 'table',
          unit: 'dateTimeAsIso',
          width: 6,
          queries: [{ expr: `${of('champion_dataset_loaded_day_timestamp_seconds')} * 1000`, format: 'table' }],
        },
        {
          title: 'Last load',
          description: 'When a dataset was last loaded.',
          type: 'table',
          unit: 'dateTimeFromNow',
          width: 6,
          queries: [{ expr: `${of('champion_dataset_last_load_timestamp_seconds')} * 1000`, format: 'table' }],
        },
      ],
    },
    {
      title: 'The day that was loaded last',
      panels: [
        {
          title: 'Valid rows',
          description: 'Share of the rows that broke no hard rule. The target is 100 %; below 99 % an alert fires.',
          type: 'bargauge',
          unit: 'percentunit',
          min: 0,
          max: 1,
          steps: highIsGood(0.99, 0.999),
          queries: [{ expr: of('champion_dataset_validation_pass_ratio'), legend: '{{dataset}}' }],
        },
        {
          title: 'Rows',
          description: 'Rows of the day that was loaded last.',
          type: 'stat',
          unit: 'short',
          queries: [{ expr: of('champion_dataset_rows'), legend: '{{dataset}}' }],
        },
        {
          title: 'Rows against what is usual',
          description:
            'Rows of the last day by the median of the 20 sessions before it. Far below 1: something is missing.',
          type: 'bargauge',
          unit: 'percentunit',
          min: 0,
          steps: highIsGood(0.5, 0.9),
          queries: [
            {
              expr: `${of('champion_dataset_rows')} / (${of('champion_dataset_expected_rows')} > 0)`,
              legend: '{{dataset}}',
            },
          ],
          mayBeEmpty: 'a platform with one session knows nothing usual',
        },
        {
          title: 'Rows in quarantine',
          description: 'Rows of the last day that broke a hard rule. champion quality tells which rule.',
          type: 'timeseries',
          unit: 'short',
          min: 0,
          queries: [{ expr: of('champion_dataset_filtered_rows'), legend: '{{dataset}}' }],
        },
        {
          title: 'Anomalies',
          description: 'What a person should know about the last day, though its rows are loaded.',
          type: 'timeseries',
          unit: 'none',
          min: 0,
          queries: [{ expr: of('champion_dataset_anomalies'), legend: '{{dataset}}' }],
        },
        {
          title: 'Parquet sizes',
          description: 'Size of the silver files of the last day.',
          type: 'timeseries',
          unit: 'bytes',
          min: 0,
          queries: [{ expr: of('champion_dataset_file_bytes'), legend: '{{dataset}}' }],
        },
      ],
    },
    {
      title: 'What runs loaded',
      panels: [
        {
          title: 'Rows processed',
          description: 'Rows in the files that runs loaded in the hour before.',
          type: 'timeseries',
          unit: 'short',
          min: 0,
          stacked: true,
          queries: [{ expr: `increase(${of('champion_dataset_rows_processed_total')}[1h])`, legend: '{{dataset}}' }],
        },
        {
          title: 'Rows filtered',
          description: 'Rows that runs put into quarantine in the hour before.',
          type: 'timeseries',
          unit: 'short',
          min: 0,
          stacked: true,
          queries: [{ expr: `increase(${of('champion_dataset_rows_filtered_total')}[1h])`, legend: '{{dataset}}' }],
        },
        {
          title: 'Share filtered',
          description: 'Rows put into quarantine by rows processed, over the range shown.',
          type: 'bargauge',
          unit: 'percentunit',
          min: 0,
          steps: lowIsGood(0.001, 0.01),
          queries: [
            {
              expr:
                `increase(${of('champion_dataset_rows_filtered_total')}[$__range]) / ` +
                `(increase(${of('champion_dataset_rows_processed_total')}[$__range]) > 0)`,
              legend: '{{dataset}}',
            },
          ],
        },
        {
          title: 'Anomalies found',
          description: 'Anomalies that runs found in the hour before.',
          type: 'timeseries',
          unit: 'none',
          width: 12,
          min: 0,
          stacked: true,
          queries: [{ expr: `increase(${of('champion_dataset_anomalies_total')}[1h])`, legend: '{{dataset}}' }],
        },
        {
          title: 'Bytes written',
          description: 'Silver files that runs wrote in the hour before.',
          type: 'timeseries',
          unit: 'bytes',
          width: 12,
          min: 0,
          stacked: true,
          queries: [{ expr: `increase(${of('champion_dataset_written_bytes_total')}[1h])`, legend: '{{dataset}}' }],
        },
      ],
    },
  ],
};
