import type { Migration } from '../migrate.ts';
import quarantine from './0001-quarantine.sql';
import dataQuality from './0002-data-quality.sql';
import highsLows from './0003-highs-lows-52w.sql';
import advanceDecline from './0004-advance-decline.sql';
import sectorTurnover from './0005-sector-turnover.sql';
import indicators from './0006-indicators.sql';
import dailyMarketSummary from './0007-daily-market-summary.sql';

/** The warehouse's own tables; each dataset brings its own. */
export const migrations: readonly Migration[] = [
  { name: 'warehouse/0001-quarantine', sql: quarantine },
  { name: 'warehouse/0002-data-quality', sql: dataQuality },
  { name: 'warehouse/0003-highs-lows-52w', sql: highsLows },
  { name: 'warehouse/0004-advance-decline', sql: advanceDecline },
  { name: 'warehouse/0005-sector-turnover', sql: sectorTurnover },
  { name: 'warehouse/0006-indicators', sql: indicators },
  { name: 'warehouse/0007-daily-market-summary', sql: dailyMarketSummary },
];
