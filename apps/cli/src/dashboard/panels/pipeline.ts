import type { Lineage } from '@champion/contract';
import { plural } from '@champion/core';
import { count } from '../../output/text.ts';
import { markOf } from '../../progress/marks.ts';
import { beside, tableLines } from '../layout.ts';
import type { Panel, Screen } from '../panel.ts';
import { ago, freshTally, freshWord } from '../words.ts';

type Node = Lineage['nodes'][number];

/** What is done to get from the layer before to this one. */
const layers: readonly { readonly kind: Node['kind']; readonly by: string; readonly made: string }[] = [
  { kind: 'exchange', by: 'publishes', made: 'source' },
  { kind: 'raw', by: 'fetched', made: 'file set' },
  { kind: 'bronze', by: 'parsed', made: 'table' },
  { kind: 'silver', by: 'normalised', made: 'table' },
  { kind: 'warehouse', by: 'loaded', made: 'table' },
  { kind: 'gold', by: 'computed', made: 'table' },
];

export const pipelinePanel: Panel = {
  tab: 'Pipeline',
  title: 'Pipeline architecture: from the exchange to gold',
  load: async ({ client }, { system }) => {
    const [{ nodes }, datasets] = await Promise.all([client.readLineage(), client.listDatasets()]);
    return (screen) => {
      const now = Date.now();
      const ofLayers = layers.map(({ kind, by, made }) => {
        const those = nodes.filter((node) => node.kind === kind);
        const name = `${kind === 'exchange' ? ' ' : '▼'} ${kind}`;
        if (kind === 'exchange') {
          const who = those.map((node) => node.name).join(', ');
          return [name, by, system.simulated ? `${who} (simulated)` : who, '', '', '', '', ''];
        }
        const last = latest(those);
        return [
          name,
          by,
          plural(those.length, made),
          total(those),
          those
            .map(({ as_of }) => as_of ?? '')
            .sort()
            .at(-1) ?? '',
          last ? `${markOf(stateOf(last), screen.style)} ${ago(last.at, now)}` : '',
          freshTally(
            those.flatMap(({ freshness }) => freshness ?? []),
            screen.style,
          ),
          last?.name ?? '',
        ];
      });
      const ofDatasets = datasets.map(({ name, rows, last_loaded, freshness }) => {
        const silver = nodes.find((node) => node.kind === 'silver' && node.dataset === name);
        const last = silver?.last_run;
        return [
          name,
          rows === null ? '' : count(rows),
          last_loaded?.trade_date ?? 'never',
          last_loaded ? ago(last_loaded.at, now) : '',
          freshWord(freshness.state, screen.style),
          freshness.trade_date ?? '',
          last?.name ?? '',
        ];
      });
      return beside(drawLayers(ofLayers, screen), drawDatasets(ofDatasets, screen), screen);
    };
  },
};

function drawLayers(rows: readonly string[][], screen: Screen): string[] {
  return tableLines(
    [
      { header: '  layer' },
      { header: 'how', spare: true },
      { header: 'what', flexible: true },
      { header: 'rows', align: 'right' },
      { header: 'as of' },
      { header: 'last run' },
      { header: 'freshness' },
      { header: 'by the run', flexible: true, spare: true },
    ],
    rows,
    screen,
  );
}

function drawDatasets(rows: readonly string[][], screen: Screen): string[] {
  return tableLines(
    [
      { header: 'dataset', flexible: true },
      { header: 'rows', align: 'right' },
      { header: 'loaded for' },
      { header: 'loaded' },
      { header: 'freshness' },
      { header: 'expected' },
      { header: 'last run', flexible: true, spare: true },
    ],
    rows,
    screen,
  );
}

function latest(nodes: readonly Node[]): NonNullable<Node['last_run']> | undefined {
  return nodes
    .flatMap(({ last_run }) => last_run ?? [])
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .at(-1);
}

function stateOf({ state_type, state_name }: NonNullable<Node['last_run']>): { type: string; name: string } {
  return { type: state_type, name: state_name };
}

/** Layers of files count no rows. */
function total(nodes: readonly Node[]): string {
  const known = nodes.flatMap(({ rows }) => rows ?? []);
  return known.length === 0 ? '' : count(known.reduce((sum, rows) => sum + rows, 0));
}
