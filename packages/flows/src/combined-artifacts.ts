import { artifact } from '@champion/engine';
import type { CombinedResult } from './combined.ts';

/** The market's report, `market-report`, what each flow did, `market-flows`, and where the day is shown, `market-day`. */
export async function leaveReport({ trade_date, report, flows, snapshot }: CombinedResult): Promise<void> {
  await artifact({
    key: 'market-report',
    kind: 'markdown',
    description: `The market on ${trade_date}`,
    // Columns of plain text: they keep their places.
    markdown: `\`\`\`\n${report.replaceAll('```', "'''").trimEnd()}\n\`\`\`\n`,
  });
  await artifact({
    key: 'market-flows',
    kind: 'table',
    description: `What each flow did for ${trade_date}`,
    rows: flows.map(({ flow, state, rows_loaded, rows_quarantined, anomalies, duration_ms, message, flow_run_id }) => ({
      flow,
      state,
      rows_loaded,
      rows_quarantined,
      anomalies,
      seconds: duration_ms / 1000,
      message,
      flow_run_id,
    })),
  });
  if (snapshot === null) return;
  await artifact({
    key: 'market-day',
    kind: 'link',
    description: 'Breadth, movers, sectors and indices of the day',
    href: `/market?day=${trade_date}`,
    text: `The market on ${trade_date}`,
  });
}
