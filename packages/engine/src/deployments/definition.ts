import { ChampionError, closest, type ErrorCode, toErrorRecord } from '@champion/core';
import { z } from 'zod';
import type { AnyFlow } from '../flow.ts';
import { parseParameters } from '../parameters.ts';
import { explain, NameSchema, NewScheduleSchema, parseSchedule, type ScheduleSpec } from '../schedules/schedule.ts';

export const DEFAULT_POOL = 'default';
const DEFAULT_QUEUE = 'default';
/** More would not be read by anyone. */
const MAX_SCHEDULES = 50;

const fields = {
  name: NameSchema,
  version: z.string().max(100).nullable().default(null),
  description: z.string().max(5_000).nullable().default(null),
  tags: z.array(z.string().min(1).max(100)).max(50).default([]),
  /** As the flow takes them; checked against it, defaults are filled in when a run begins. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** The parameter that a scheduled run gets its session in, as YYYY-MM-DD. */
  sessionParameter: z.string().nullable().default(null),
  workPool: NameSchema.default(DEFAULT_POOL),
  workQueue: NameSchema.default(DEFAULT_QUEUE),
  /** Most of its runs at work at once; null: any number. */
  concurrencyLimit: z.number().int().min(1).nullable().default(null),
};

const DefinitionSchema = z.strictObject({
  flow: z.string().min(1),
  ...fields,
  schedules: z
    .array(NewScheduleSchema.omit({ active: true }).extend({ slug: NameSchema }))
    .max(MAX_SCHEDULES)
    .default([]),
});

export const NewDeploymentSchema = z.strictObject({
  flowName: z.string().min(1),
  ...fields,
  entrypoint: z.string().max(1_000).nullable().default(null),
  paused: z.boolean().default(false),
  schedules: z.array(NewScheduleSchema).max(MAX_SCHEDULES).default([]),
});
/** A deployment as a person or a program makes it. */
export type NewDeployment = z.input<typeof NewDeploymentSchema>;

/** A deployment as code declares it. Each of its schedules has a slug, by which it is found again when it changes. */
export type DeploymentOptions = z.input<typeof DefinitionSchema>;
export interface DeploymentDefinition extends Omit<z.output<typeof DefinitionSchema>, 'schedules'> {
  readonly schedules: readonly (ScheduleSpec & { readonly slug: string })[];
}

/**
 * Declares a deployment: a flow with parameters, a work queue and schedules. What needs the flow to be checked (its name,
 * its parameters) is checked by `checkDefinitions`, which `plan` and `apply` call.
 * @throws ChampionError CONFIG with what to write instead
 */
export function deployment(options: DeploymentOptions): DeploymentDefinition {
  const called = `${options.flow}/${options.name}`;
  const checked = DefinitionSchema.safeParse(options);
  if (!checked.success) {
    throw new ChampionError(`The deployment ${called} can't be declared so: ${explain(checked.error)}`, {
      code: 'CONFIG',
      context: { deployment: called },
    });
  }
  const schedules = checked.data.schedules.map((schedule) => ({
    ...about(called, 'CONFIG', () => parseSchedule(schedule)),
    slug: schedule.slug,
  }));
  const twice = schedules.find(({ slug }, i) => schedules.findIndex((other) => other.slug === slug) !== i);
  if (twice !== undefined) {
    throw new ChampionError(`The deployment ${called} has two schedules called ${twice.slug}`, {
      code: 'CONFIG',
      hint: 'Give each a slug of its own.',
      context: { deployment: called },
    });
  }
  return { ...checked.data, schedules };
}

/**
 * Checks declared deployments against the flows there are.
 * @throws ChampionError CONFIG for an unknown flow, a parameter that it does not take, or two deployments of one name
 */
export function checkDefinitions(
  definitions: readonly DeploymentDefinition[],
  flows: ReadonlyMap<string, AnyFlow>,
): void {
  const seen = new Set<string>();
  for (const definition of definitions) {
    const called = `${definition.flow}/${definition.name}`;
    if (seen.has(called)) {
      throw new ChampionError(`The deployment ${called} is declared twice`, {
        code: 'CONFIG',
        hint: 'Give one of them another name.',
        context: { deployment: called },
      });
    }
    seen.add(called);
    about(called, 'CONFIG', () => checkParameters(knownFlow(definition.flow, flows), definition));
  }
}

/** @throws ChampionError NOT_FOUND */
export function knownFlow(name: string, flows: ReadonlyMap<string, AnyFlow>): AnyFlow {
  const flow = flows.get(name);
  if (flow !== undefined) return flow;
  const meant = closest(name, [...flows.keys()]);
  throw new ChampionError(`There is no flow ${name}`, {
    code: 'NOT_FOUND',
    hint: meant === undefined ? `The flows: ${[...flows.keys()].join(', ')}.` : `Did you mean ${meant}?`,
    context: { flow: name },
  });
}

/** Any day does to see whether a parameter takes a session. */
const SOME_SESSION = '2024-01-02';

/**
 * Checks a deployment's parameters, and those that each of its schedules makes of them.
 * @throws ChampionError INVALID_INPUT
 */
export function checkParameters(
  flow: AnyFlow,
  {
    parameters,
    sessionParameter,
    schedules,
  }: {
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly sessionParameter: string | null;
    readonly schedules: readonly Pick<ScheduleSpec, 'parameters' | 'calendar'>[];
  },
): void {
  const known = Object.keys(flow.parameters.shape);
  if (sessionParameter !== null && !known.includes(sessionParameter)) {
    const meant = closest(sessionParameter, known);
    throw new ChampionError(`${flow.name} has no parameter ${sessionParameter} to give a run its session in`, {
      code: 'INVALID_INPUT',
      hint: meant === undefined ? `Its parameters: ${known.join(', ')}.` : `Did you mean ${meant}?`,
      context: { flow: flow.name, sessionParameter },
    });
  }
  // Whoever triggers a run may give what is missing here.
  parseParameters(flow.name, flow.parameters.partial(), parameters);
  for (const schedule of schedules) {
    const session = sessionParameter !== null && schedule.calendar !== null ? { [sessionParameter]: SOME_SESSION } : {};
    parseParameters(flow.name, flow.parameters, { ...parameters, ...schedule.parameters, ...session });
  }
}

/** Does a check of something that has a name, and says it in the error. */
export function about<T>(called: string, code: ErrorCode, check: () => T): T {
  try {
    return check();
  } catch (error) {
    const record = toErrorRecord(error);
    throw new ChampionError(`Deployment ${called}: ${record.message}`, {
      code,
      ...(record.hint === undefined ? {} : { hint: record.hint }),
      context: { deployment: called, ...record.context },
    });
  }
}
