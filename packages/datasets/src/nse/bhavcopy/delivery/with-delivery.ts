import { type Anomaly, plural, type QuarantinedRow } from '@champion/core';
import { sql } from '../../../csv/index.ts';
import { brokenRows, duplicates, type Rows, readable, without } from '../checks.ts';
import { missing, type Rule } from '../rules.ts';

interface WithDelivery {
  /** The bars with `delivery_qty` (shares) and `delivery_pct` (of the volume), null where nothing is known. */
  readonly rows: Rows;
  readonly quarantined: readonly QuarantinedRow[];
  readonly anomalies: readonly Anomaly[];
  /** Undefined when there was no delivery file. */
  readonly metrics: Readonly<Record<string, number>> | undefined;
}

/** A delivery row that breaks one of these is quarantined; its bar stays, without delivery. */
const deliveryRules: readonly Rule[] = [
  missing('symbol'),
  missing('series'),
  { rule: 'delivery_range', column: 'delivery_qty', breaks: 'delivery_qty > traded OR delivery_qty > volume' },
  { rule: 'delivery_range', column: 'delivery_pct', breaks: 'delivery_pct > 100' },
];

const ORPHANED = 'volume IS NULL';
/** Both files print what was traded and the close; where they differ, one of them is not the session's last word. */
const MISMATCHED = `volume IS NOT NULL AND
  (traded IS NULL OR closed IS NULL OR traded <> volume OR closed <> close)`;

/** Percentage points by which a share may miss the quantities' own: it is printed with two places. */
const SHARE_TOLERANCE = 0.011;
const OTHER_SHARE = `traded > 0 AND traded = volume AND ABS(CAST(delivery_pct AS DOUBLE)
  - 100.0 * CAST(delivery_qty AS DOUBLE) / CAST(traded AS DOUBLE)) > ${SHARE_TOLERANCE}`;

/**
 * Joins the delivery file to the bars by symbol and series. Every row of it is joined, orphaned (it has no bar) or
 * quarantined, and every bar is joined or unresolved: the metrics say how many.
 * @param delivery bronze of the delivery file; undefined when there was none
 */
export function withDelivery(bars: Rows, delivery: Rows | undefined): WithDelivery {
  if (delivery === undefined) {
    return { rows: withoutDelivery(bars), quarantined: [], anomalies: [], metrics: undefined };
  }
  const [refusal] = delivery.columns.includes('refused') ? readable(delivery) : [];
  if (refusal) {
    const message = `${refusal.reason}. The bars are loaded without delivery; run the session again later.`;
    return {
      rows: withoutDelivery(bars),
      quarantined: [],
      anomalies: [{ rule: refusal.refused ?? '', count: 1, message }],
      metrics: metricsOf({ rows: 0, joined: 0, bars: bars.height, orphaned: 0, quarantined: 0 }),
    };
  }
  const all = besideBars(delivery, bars);
  const quarantined = brokenRows(all, deliveryRules);
  quarantined.push(...duplicates(without(all, quarantined)));
  const kept = without(all, quarantined);
  const { orphaned, mismatched, otherShare } = counts(kept);
  const rowsInFile = Number(delivery.getColumn('rows_in_file').getIndex(0));
  return {
    rows: sql(
      `SELECT bars.*, kept.delivery_qty, CAST(kept.delivery_pct AS DECIMAL(9,4)) AS delivery_pct
       FROM bars LEFT JOIN kept ON bars.symbol = kept.symbol AND bars.series = kept.series
       ORDER BY symbol, series`,
      { bars, kept },
    ),
    quarantined: quarantined.map((row) => ({ ...row, input: 'delivery' })),
    anomalies: [
      ...(mismatched === 0 ? [] : [mismatch(kept, mismatched)]),
      ...(otherShare === 0 ? [] : [shareMismatch(kept, otherShare)]),
    ],
    metrics: metricsOf({
      rows: rowsInFile,
      joined: kept.height - orphaned,
      bars: bars.height,
      orphaned,
      quarantined: rowsInFile - kept.height,
    }),
  };
}

function withoutDelivery(bars: Rows): Rows {
  return sql(
    'SELECT *, CAST(NULL AS BIGINT UNSIGNED) AS delivery_qty, CAST(NULL AS DECIMAL(9,4)) AS delivery_pct FROM bars',
    { bars },
  );
}

/** Each delivery row with the volume and close of its bar, null when it has none. */
function besideBars(delivery: Rows, bars: Rows): Rows {
  return sql(
    `SELECT delivery."SYMBOL" AS symbol, delivery."SERIES" AS series, delivery."TTL_TRD_QNTY" AS traded,
       delivery."CLOSE_PRICE" AS closed, delivery."DELIV_QTY" AS delivery_qty, delivery."DELIV_PER" AS delivery_pct,
       delivery.source_line AS source_line, bars.volume AS volume, bars.close AS close
     FROM delivery LEFT JOIN bars ON delivery."SYMBOL" = bars.symbol AND delivery."SERIES" = bars.series
     ORDER BY symbol, series, source_line`,
    { delivery, bars },
  );
}

function counts(kept: Rows): { orphaned: number; mismatched: number; otherShare: number } {
  const [count = {}] = sql(
    `SELECT SUM(CASE WHEN ${ORPHANED} THEN 1 ELSE 0 END) AS orphaned,
       SUM(CASE WHEN ${MISMATCHED} THEN 1 ELSE 0 END) AS mismatched,
       SUM(CASE WHEN ${OTHER_SHARE} THEN 1 ELSE 0 END) AS other FROM kept`,
    { kept },
  ).toRecords();
  return {
    orphaned: Number(count.orphaned ?? 0),
    mismatched: Number(count.mismatched ?? 0),
    otherShare: Number(count.other ?? 0),
  };
}

function mismatch(kept: Rows, count: number): Anomaly {
  const [row = {}] = readable(sql(`SELECT * FROM kept WHERE ${MISMATCHED} LIMIT 1`, { kept }));
  return {
    rule: 'delivery_mismatch',
    count,
    message:
      `${plural(count, 'row')} of the delivery file at odds with the bar, for example ${row.symbol} ${row.series}: ` +
      `${row.traded ?? 'no'} traded and close ${row.closed ?? 'none'}, the bar has ${row.volume} and ${row.close}`,
  };
}

function shareMismatch(kept: Rows, count: number): Anomaly {
  const [row = {}] = readable(sql(`SELECT * FROM kept WHERE ${OTHER_SHARE} LIMIT 1`, { kept }));
  return {
    rule: 'delivery_share',
    count,
    message:
      `${plural(count, 'row')} of the delivery file at odds with itself, for example ${row.symbol} ${row.series}: ` +
      `${row.delivery_qty} of ${row.traded} delivered, printed as ${row.delivery_pct} %`,
  };
}

function metricsOf(count: { rows: number; joined: number; bars: number; orphaned: number; quarantined: number }) {
  return {
    delivery_rows: count.rows,
    delivery_joined: count.joined,
    delivery_unresolved: count.bars - count.joined,
    delivery_orphaned: count.orphaned,
    delivery_quarantined: count.quarantined,
  };
}
