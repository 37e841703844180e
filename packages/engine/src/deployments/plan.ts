import { isDeepStrictEqual } from 'node:util';
import type { ScheduleSpec } from '../schedules/schedule.ts';
import type { DeploymentDefinition } from './definition.ts';
import type { DeploymentRow } from './rows.ts';

/** One thing that code and the records say differently. */
export interface FieldChange {
  readonly field: string;
  /** In the records; null when there is nothing. */
  readonly from: unknown;
  /** In code. */
  readonly to: unknown;
  /** True when a person changed it: it stays as it is. */
  readonly kept: boolean;
}

export interface ScheduleChange {
  readonly slug: string;
  /** kept: code says otherwise (see `fields`), but a person changed or removed it. */
  readonly action: 'create' | 'update' | 'delete' | 'kept' | 'unchanged';
  readonly fields: readonly FieldChange[];
}

export interface DeploymentChange {
  /** "flow/deployment" */
  readonly name: string;
  readonly action: 'create' | 'update' | 'unchanged';
  readonly fields: readonly FieldChange[];
  readonly schedules: readonly ScheduleChange[];
  /** What a person did that stays: "paused", "schedule close is paused". */
  readonly notes: readonly string[];
}

export interface DeploymentPlan {
  readonly changes: readonly DeploymentChange[];
  /** Deployments that code declared once and does not any more; they stay until someone deletes them. */
  readonly gone: readonly string[];
}

/** What is remembered of a definition, to tell later what a person changed. */
export interface Defined extends Fields {
  readonly schedules: Readonly<Record<string, ScheduleFields>>;
}

type Fields = Omit<DeploymentDefinition, 'flow' | 'name' | 'schedules'>;
type ScheduleFields = Omit<ScheduleSpec, 'slug' | 'active'>;

const FIELDS = [
  'version',
  'description',
  'tags',
  'parameters',
  'sessionParameter',
  'workPool',
  'workQueue',
  'concurrencyLimit',
] as const satisfies readonly (keyof Fields)[];

const SCHEDULE_FIELDS = [
  'cron',
  'timezone',
  'dayOr',
  'calendar',
  'catchUp',
  'parameters',
] as const satisfies readonly (keyof ScheduleFields)[];

/** What `apply` would do. A field, or a schedule as a whole, that a person changed since the last time is left alone. */
export function planDeployments(
  definitions: readonly DeploymentDefinition[],
  stored: readonly (DeploymentRow & { readonly defined: Defined | null })[],
): DeploymentPlan {
  const rows = new Map(stored.map((row) => [`${row.flowName}/${row.name}`, row]));
  const changes = definitions.map((definition): DeploymentChange => {
    const name = `${definition.flow}/${definition.name}`;
    const row = rows.get(name);
    rows.delete(name);
    return row === undefined ? creation(name, definition) : difference(name, definition, row);
  });
  return { changes, gone: [...rows].filter(([, { defined }]) => defined !== null).map(([name]) => name) };
}

/** A definition as it is remembered, through JSON: as it will be read. */
export function definedBy(definition: DeploymentDefinition): Defined {
  const { flow, name, schedules, ...rest } = definition;
  const bySlug = Object.fromEntries(
    schedules.map(({ slug, active, ...schedule }): [string, ScheduleFields] => [slug, schedule]),
  );
  return JSON.parse(JSON.stringify({ ...rest, schedules: bySlug })) as Defined;
}

function creation(name: string, definition: DeploymentDefinition): DeploymentChange {
  const defined = definedBy(definition);
  return {
    name,
    action: 'create',
    fields: FIELDS.map((field) => ({ field, from: null, to: defined[field], kept: false })),
    schedules: Object.entries(defined.schedules).map(([slug, schedule]) => created(slug, schedule)),
    notes: [],
  };
}

function created(slug: string, schedule: ScheduleFields): ScheduleChange {
  const fields = SCHEDULE_FIELDS.map((field) => ({ field, from: null, to: schedule[field], kept: false }));
  return { slug, action: 'create', fields };
}

function difference(
  name: string,
  definition: DeploymentDefinition,
  row: DeploymentRow & { readonly defined: Defined | null },
): DeploymentChange {
  const declared = definedBy(definition);
  const before = row.defined;
  const fields = FIELDS.filter((field) => !isDeepStrictEqual(row[field], declared[field])).map(
    (field): FieldChange => ({
      field,
      from: row[field],
      to: declared[field],
      // Of a deployment that a person made under this name, what differs is theirs.
      kept: before === null || !isDeepStrictEqual(row[field], before[field]),
    }),
  );
  const slugs = new Set([...Object.keys(declared.schedules), ...Object.keys(before?.schedules ?? {})]);
  const schedules = [...slugs].map((slug) => scheduleDifference(slug, declared, row));
  const does = (change: ScheduleChange): boolean => ['create', 'update', 'delete'].includes(change.action);
  return {
    name,
    action: fields.some(({ kept }) => !kept) || schedules.some(does) ? 'update' : 'unchanged',
    fields,
    schedules,
    notes: [
      ...(row.paused ? ['paused'] : []),
      ...row.schedules.filter(({ active }) => !active).map(({ slug, cron }) => `schedule ${slug ?? cron} is paused`),
      ...row.schedules
        .filter(({ slug }) => slug === null || !slugs.has(slug))
        .map(({ slug, cron }) => `schedule ${slug ?? cron} was added by hand`),
    ],
  };
}

function scheduleDifference(
  slug: string,
  declared: Defined,
  row: DeploymentRow & { readonly defined: Defined | null },
): ScheduleChange {
  const now = row.schedules.find((schedule) => schedule.slug === slug);
  const before = row.defined?.schedules[slug];
  const code = declared.schedules[slug];
  if (code === undefined) {
    if (now === undefined) return { slug, action: 'unchanged', fields: [] };
    return { slug, action: same(now, before) ? 'delete' : 'kept', fields: [] };
  }
  if (now === undefined) {
    // There was one, and a person removed it.
    return before === undefined ? created(slug, code) : { slug, action: 'kept', fields: [] };
  }
  if (same(now, code)) return { slug, action: 'unchanged', fields: [] };
  const kept = !same(now, before);
  const fields = SCHEDULE_FIELDS.filter((field) => !isDeepStrictEqual(now[field], code[field])).map((field) => ({
    field,
    from: now[field],
    to: code[field],
    kept,
  }));
  return { slug, action: kept ? 'kept' : 'update', fields };
}

function same(one: ScheduleFields, other: ScheduleFields | undefined): boolean {
  return other !== undefined && SCHEDULE_FIELDS.every((field) => isDeepStrictEqual(one[field], other[field]));
}
