import type { Lineage } from '@champion/contract';
import { flows as known } from '../../flows.gen.ts';
import { count } from '../../output/text.ts';
import { wrapped } from '../layout.ts';
import type { Panel, Screen } from '../panel.ts';
import { freshWord } from '../words.ts';

const INDENT = 2;

export const lineagePanel: Panel = {
  tab: 'Lineage',
  title: 'Data lineage and transformations',
  load: async ({ client }) => {
    const [lineage, datasets] = await Promise.all([client.readLineage(), client.listDatasets()]);
    return (screen) => [
      ...datasets.flatMap(({ name, flow, freshness }) =>
        drawDataset(name, flow.name, freshness.state, lineage, screen),
      ),
      ...drawGold(lineage, screen),
    ];
  },
};

/** Where a dataset's rows go, then the tasks that bring them there. */
function drawDataset(
  dataset: string,
  flow: string,
  freshness: Parameters<typeof freshWord>[0],
  { nodes, edges }: Lineage,
  { style, width }: Screen,
): string[] {
  const own = nodes.filter((node) => node.dataset === dataset && node.kind !== 'gold');
  const end = own.find(({ kind }) => kind === 'warehouse');
  const golds = edges
    .filter(({ from }) => from === end?.id)
    .map(({ to }) => nodes.find(({ id }) => id === to)?.name ?? to);
  const steps = own.map(({ kind, name, rows }) => {
    const many = rows === null ? '' : ` ${count(rows)} rows`;
    return kind === 'silver' || kind === 'warehouse' ? `${kind} ${name}${many}` : kind;
  });
  const tasks = known.find(({ name }) => name === flow)?.tasks ?? [];
  const gold = golds.map((name, i) => `${i === 0 ? 'gold ' : ''}${name}${i < golds.length - 1 ? ',' : ''}`);
  return [
    `${style.bold(dataset)}  ${style.dim(flow)}  ${freshWord(freshness, style)}`,
    ...indented(wrapped([...led(['NSE', ...steps], gold.length > 0), ...gold], ' ', width - INDENT, INDENT)),
    ...indented(wrapped(led(tasks, false), ' ', width - INDENT, INDENT)).map(style.dim),
  ];
}

/** Each with an arrow to the next one; the last has one where something else follows. */
function led(steps: readonly string[], further: boolean): string[] {
  return steps.map((step, i) => (further || i < steps.length - 1 ? `${step} →` : step));
}

function drawGold({ nodes, edges }: Lineage, { style, width }: Screen): string[] {
  const golds = nodes.filter(({ kind }) => kind === 'gold');
  const lines = golds.flatMap(({ id, name, rows }) => {
    const from = edges
      .filter(({ to }) => to === id)
      .map((edge) => nodes.find((node) => node.id === edge.from)?.name ?? '');
    const flow = edges.find(({ to }) => to === id)?.flow;
    const how = flow === null || flow === undefined ? 'a view' : rows === null ? '' : `${count(rows)} rows`;
    return wrapped([`${name} ${style.dim('←')} ${from.join(', ')}`, style.dim(how)], '  ', width - INDENT, INDENT);
  });
  return [`${style.bold('gold')}  ${style.dim('market-gold-etl')}`, ...indented(lines)];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `${' '.repeat(INDENT)}${line}`);
}
