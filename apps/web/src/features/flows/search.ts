import { present, type RawSearch, readChoice, readText } from '../../lib/search-params.ts';
import { readMonth } from '../deployments/months.ts';

/** What the list shows, as its URL says it. */
export interface FlowsSearch {
  /** Words of names and descriptions. */
  readonly q?: string | undefined;
}

export function readFlowsSearch(raw: RawSearch): FlowsSearch {
  return present<FlowsSearch>({ q: readText(raw.q) });
}

const FLOW_TABS = ['runs', 'schedule', 'deployment', 'graph'] as const;
export type FlowTab = (typeof FLOW_TABS)[number];

/** What the page of a flow shows. */
export interface FlowSearch {
  /** Default: runs. */
  readonly tab?: FlowTab | undefined;
  /** Of its deployments, the one whose schedule is shown; default: the first. */
  readonly deployment?: string | undefined;
  /** "2026-01" of the calendar; default: the present month. */
  readonly month?: string | undefined;
}

export function readFlowSearch(raw: RawSearch): FlowSearch {
  return present<FlowSearch>({
    tab: readChoice(raw.tab, FLOW_TABS),
    deployment: readText(raw.deployment),
    month: readMonth(raw.month),
  });
}
