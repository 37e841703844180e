import { type BusinessDate, plural } from '@champion/core';
import type { FlowEnd } from './combined.ts';

const SIGNS = { LOADED: '✓', NO_SESSION: '·', SKIPPED: '·', FAILED: '✗' } as const;

/** The market's report with a line for each flow below it. */
export function combinedReport(date: BusinessDate, market: string | undefined, flows: readonly FlowEnd[]): string {
  const head = market ?? `Market of ${date}\n\n  no snapshot: gold was not computed\n`;
  const width = Math.max(...flows.map(({ flow }) => flow.length));
  const lines = flows.map((end) => `  ${SIGNS[end.state]} ${end.flow.padEnd(width)}  ${said(end)}\n`);
  return `${head}\nFlows\n\n${lines.join('')}`;
}

function said({ state, rows_loaded, rows_quarantined, anomalies, duration_ms, message, flow }: FlowEnd): string {
  const took = `${(duration_ms / 1000).toFixed(2)} s`;
  if (state === 'FAILED') return `failed: ${message}`;
  if (state === 'SKIPPED') return `not run: ${message}`;
  if (state === 'NO_SESSION') return `no session: ${message}`;
  if (flow.startsWith('market-gold')) return `computed in ${took}`;
  const quarantined = `${rows_quarantined.toLocaleString('en-US')} quarantined`;
  return `${plural(rows_loaded, 'row')}, ${quarantined}, ${plural(anomalies, 'anomaly', 'anomalies')}, ${took}`;
}
