// What a dashboard is made of, and how it becomes what Grafana reads.

/**
 * @typedef {{ expr: string, legend?: string, format?: 'table' }} Query
 * @typedef {{ value: number | null, color: 'green' | 'yellow' | 'orange' | 'red' }} Step
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} description what a person reads off it, and what to do about it
 * @property {'timeseries' | 'stat' | 'gauge' | 'bargauge' | 'table' | 'state-timeline'} type
 * @property {string} unit one of Grafana's
 * @property {readonly Query[]} queries
 * @property {number} [width] of 24
 * @property {number} [height]
 * @property {readonly Step[]} [steps] colours by value, ascending, the first from null on
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [stacked]
 * @property {Readonly<Record<string, string>>} [words] what to show in place of a value
 * @property {string} [mayBeEmpty] why there may be nothing to show on a platform where all is well
 *
 * @typedef {{ title: string, panels: readonly Panel[] }} Row
 * @typedef {{ uid: string, title: string, description: string, rows: readonly Row[] }} Dashboard
 */

const WIDTH = 24;
const DATASOURCE = { type: 'prometheus', uid: 'champion-prometheus' };
const TAG = 'champion';

/**
 * A series of the platform as one server tells it.
 * @param {string} metric
 * @param {string} [matchers]
 */
export function of(metric, matchers = '') {
  return `${metric}{instance="$instance"${matchers === '' ? '' : `, ${matchers}`}}`;
}

/** Green while it is below a value. @param {number} orange @param {number} red @returns {readonly Step[]} */
export function lowIsGood(orange, red) {
  return [
    { value: null, color: 'green' },
    { value: orange, color: 'orange' },
    { value: red, color: 'red' },
  ];
}

/** Green from a value on. @param {number} orange @param {number} green @returns {readonly Step[]} */
export function highIsGood(orange, green) {
  return [
    { value: null, color: 'red' },
    { value: orange, color: 'orange' },
    { value: green, color: 'green' },
  ];
}

/** The dashboard as Grafana's JSON. @param {Dashboard} dashboard @returns {object} */
export function toGrafana({ uid, title, description, rows }) {
  /** @type {object[]} */
  const panels = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const panel of row.panels) {
      const { width = 8, height = 8 } = panel;
      if (x + width > WIDTH) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      panels.push({ id: panels.length + 1, gridPos: { x, y, w: width, h: height }, ...panelOf(panel) });
      x += width;
      lineHeight = Math.max(lineHeight, height);
    }
    y += lineHeight;
  }
  return {
    uid,
    title,
    description,
    tags: [TAG],
    schemaVersion: 39,
    version: 1,
    editable: false,
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    links: [
      { type: 'dashboards', tags: [TAG], title: 'Champion', asDropdown: true, includeVars: true, keepTime: true },
    ],
    templating: { list: [instanceVariable()] },
    annotations: { list: [] },
    panels,
  };
}

/** Several servers on one database tell the same: one of them is looked at. */
function instanceVariable() {
  const query = 'label_values(champion_build_info{job="champion"}, instance)';
  return {
    name: 'instance',
    label: 'Server',
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: 'instance' },
    refresh: 1,
    sort: 1,
    multi: false,
    includeAll: false,
  };
}

/** @param {Panel} panel @returns {object} */
function panelOf(panel) {
  const { title, description, type, unit, queries, steps, min, max, stacked, words } = panel;
  const mappings =
    words === undefined
      ? []
      : [
          {
            type: 'value',
            options: Object.fromEntries(Object.entries(words).map(([value, text]) => [value, { text }])),
          },
        ];
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map(({ expr, legend = '', format }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(type === 'timeseries' || type === 'state-timeline' ? { range: true } : { instant: true }),
      ...(format === undefined ? {} : { format }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        mappings,
        color: { mode: steps === undefined ? 'palette-classic' : 'thresholds' },
        thresholds: { mode: 'absolute', steps: steps ?? [{ value: null, color: 'green' }] },
        ...(type === 'timeseries' ? { custom: lineStyle(stacked === true) } : {}),
      },
      overrides: [],
    },
    options: optionsOf(type),
    ...(type === 'table' ? { transformations: [{ id: 'merge', options: {} }] } : {}),
  };
}

/** @param {boolean} stacked */
function lineStyle(stacked) {
  return {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: stacked ? 40 : 5,
    showPoints: 'never',
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
  };
}

/** @param {Panel['type']} type @returns {object} */
function optionsOf(type) {
  const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };
  if (type === 'timeseries') {
    return {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    };
  }
  if (type === 'state-timeline') return { mergeValues: true, showValue: 'never', rowHeight: 0.9 };
  if (type === 'table') return { showHeader: true, cellHeight: 'sm' };
  if (type === 'bargauge') return { reduceOptions, orientation: 'horizontal', displayMode: 'basic' };
  if (type === 'gauge') return { reduceOptions, showThresholdMarkers: true };
  return { reduceOptions, colorMode: 'value', graphMode: 'area', textMode: 'auto' };
}
