import { z } from 'zod';
import type { PrefectEvent } from '../wire/prefect-event.ts';

const texts = z.array(z.string()).nullish();
const resource = z.object({ id: texts, id_prefix: texts }).nullish();

/** What a client of Prefect wants to hear of; what else it says (order, text) is not about events as they happen. */
export const EventFilter = z.object({
  occurred: z.object({ since: z.string().nullish(), until: z.string().nullish() }).nullish(),
  event: z.object({ prefix: texts, exclude_prefix: texts, name: texts, exclude_name: texts }).nullish(),
  resource,
  related: z.union([resource, z.array(z.unknown())]).nullish(),
  any_resource: z.union([resource, z.array(z.unknown())]).nullish(),
  id: z.object({ id: texts }).nullish(),
});
export type EventFilter = z.output<typeof EventFilter>;

const FLOW_RUN = 'prefect.flow-run.';

/** The flow runs that a filter names, if it names any; what they went through is told first. */
export function flowRunsNamed(filter: EventFilter): string[] {
  const named = [filter.resource, single(filter.any_resource)].flatMap((part) => part?.id ?? []);
  return [...new Set(named.filter((id) => id.startsWith(FLOW_RUN)).map((id) => id.slice(FLOW_RUN.length)))];
}

export function fits(event: PrefectEvent, filter: EventFilter): boolean {
  const { since, until } = filter.occurred ?? {};
  const at = Date.parse(event.occurred);
  const own = [event.resource];
  const names = filter.event;
  return (
    !(since != null && at < Date.parse(since)) &&
    !(until != null && at > Date.parse(until)) &&
    any(names?.name, (name) => event.event === name) &&
    any(names?.prefix, (prefix) => event.event.startsWith(prefix)) &&
    !names?.exclude_name?.includes(event.event) &&
    !names?.exclude_prefix?.some((prefix) => event.event.startsWith(prefix)) &&
    any(nonEmpty(filter.id?.id), (id) => event.id === id) &&
    isAmong(own, filter.resource) &&
    isAmong(event.related, single(filter.related)) &&
    isAmong([...own, ...event.related], single(filter.any_resource))
  );
}

type ResourceFilter = z.output<typeof resource>;

/** Newer clients may send a list of one. */
function single(given: EventFilter['any_resource']): ResourceFilter {
  return Array.isArray(given) ? resource.catch(null).parse(given[0]) : given;
}

function isAmong(resources: readonly Readonly<Record<string, string>>[], filter: ResourceFilter): boolean {
  if (filter?.id == null && filter?.id_prefix == null) return true;
  return resources.some((each) => {
    const id = each['prefect.resource.id'] ?? '';
    return any(filter.id, (wanted) => wanted === id) && any(filter.id_prefix, (prefix) => id.startsWith(prefix));
  });
}

/** Whether one of the wanted values fits; no list wants nothing in particular. */
function any(wanted: readonly string[] | null | undefined, fit: (value: string) => boolean): boolean {
  return wanted == null || wanted.some(fit);
}

/** Clients send an empty list of ids for none in particular. */
function nonEmpty(list: readonly string[] | null | undefined): readonly string[] | undefined {
  return list == null || list.length === 0 ? undefined : list;
}
