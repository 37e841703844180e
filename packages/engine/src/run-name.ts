import type { AnyFlow } from './flow.ts';

/** The name of a run: what its flow says, or the flow's name with the start of the id. */
export function runNameOf(flow: AnyFlow, parameters: Record<string, unknown>, id: string): string {
  return flow.nameRun(parameters) ?? `${flow.name}-${id.slice(0, 8)}`;
}
