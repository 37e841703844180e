import type { FlowRunDetail, FollowedState, TaskRunRow } from '@champion/engine';
import {
  type Facet,
  type FacetMaker,
  facetsBy,
  type InputDataset,
  type Job,
  type OutputDataset,
  producerOf,
  type RunEvent,
  SCHEMA_URL,
} from './event.ts';
import { merged, type Touched, type Toucher, type Touches } from './touched.ts';

/** A column, as the warehouse has it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

export interface RunEventOptions {
  /** Of the jobs. */
  readonly namespace: string;
  /** Of the product. */
  readonly version: string;
  readonly describe: (flow: string) => string | undefined;
  readonly touched: Toucher;
}

/** A run and its job, as children refer to them. */
interface Known {
  readonly id: string;
  readonly flowName: string;
}

/** A flow run with its family. */
export interface FamilyRun {
  readonly run: FlowRunDetail;
  /** Who called it; undefined for a run of its own. */
  readonly parent: Known | undefined;
  /** The first of the family: the run itself when it is of its own. */
  readonly root: Known;
  /** By table, where known. */
  readonly columns: ReadonlyMap<string, readonly Column[]>;
}

type EventType = RunEvent['eventType'];

const END: Readonly<Record<string, EventType>> = {
  COMPLETED: 'COMPLETE',
  FAILED: 'FAIL',
  CRASHED: 'FAIL',
  CANCELLED: 'ABORT',
};

const NOTHING: Touches = { inputs: [], outputs: [] };

/** Tells runs in OpenLineage's words: a flow is a job, and so is each task of it that handles data. */
export class RunEvents {
  readonly #options: RunEventOptions;
  readonly #facet: FacetMaker;
  readonly #producer: string;

  constructor(options: RunEventOptions) {
    this.#options = options;
    this.#producer = producerOf(options.version);
    this.#facet = facetsBy(this.#producer);
  }

  /** Tables whose columns its events can show. */
  tablesOf(run: FlowRunDetail): string[] {
    const touches = run.taskRuns.map((task) => this.#options.touched(run.flowName, task) ?? NOTHING);
    const tables = touches.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).map(({ columnsOf }) => columnsOf);
    return [...new Set(tables.filter((table) => table !== undefined))];
  }

  /**
   * What there is to tell of a state: of the end, first each task's beginning and end, then the flow's. Nothing of a run
   * that ended before it began.
   */
  of(state: FollowedState, family: FamilyRun): RunEvent[] {
    const { run } = family;
    if (run.startTime === null) return [];
    const end = END[state.type];
    if (end === undefined) {
      const isFirst = state.at.getTime() === run.startTime.getTime();
      return [this.#flowEvent(isFirst ? 'START' : 'RUNNING', state.at, family, NOTHING)];
    }
    const tasks = run.taskRuns.flatMap((task) => {
      const touches = this.#options.touched(run.flowName, task);
      return touches === undefined ? [] : [{ task, touches }];
    });
    return [
      ...tasks.flatMap(({ task, touches }) => this.#taskEvents(task, touches, family)),
      this.#flowEvent(end, state.at, family, throughout(tasks.map(({ touches }) => touches))),
    ];
  }

  #flowEvent(eventType: EventType, at: Date, family: FamilyRun, touches: Touches): RunEvent {
    const { run, parent } = family;
    const description = this.#options.describe(run.flowName);
    const failed = eventType === 'FAIL' ? (run.error?.message ?? run.stateMessage ?? run.stateName) : undefined;
    return this.#event(eventType, at, touches, family, {
      runId: run.id,
      name: run.flowName,
      jobType: 'FLOW',
      parent,
      jobFacets:
        description === undefined ? {} : this.#facet('documentation', { description, contentType: 'text/plain' }),
      runFacets: {
        ...this.#facet('nominalTime', { nominalStartTime: run.expectedStartTime.toISOString() }),
        ...this.#failure(failed),
      },
    });
  }

  #taskEvents(task: TaskRunRow, touches: Touches, family: FamilyRun): RunEvent[] {
    const { run } = family;
    const eventType = END[task.stateType];
    // One that never got to an end, because its run was cut off, is told of by the run's.
    if (eventType === undefined || task.endTime === null) return [];
    const failed = eventType === 'FAIL' ? (task.error?.message ?? task.stateMessage ?? task.stateName) : undefined;
    const about = {
      runId: task.id,
      name: `${run.flowName}.${task.name}`,
      jobType: 'TASK',
      parent: run,
      jobFacets: {},
    };
    return [
      this.#event('START', task.startTime, NOTHING, family, { ...about, runFacets: {} }),
      this.#event(eventType, task.endTime, touches, family, { ...about, runFacets: this.#failure(failed) }),
    ];
  }

  #event(
    eventType: EventType,
    at: Date,
    { inputs, outputs }: Touches,
    family: FamilyRun,
    about: {
      readonly runId: string;
      readonly name: string;
      readonly jobType: string;
      readonly parent: Known | undefined;
      readonly jobFacets: Readonly<Record<string, Facet>>;
      readonly runFacets: Readonly<Record<string, Facet>>;
    },
  ): RunEvent {
    const { version } = this.#options;
    return {
      eventType,
      eventTime: at.toISOString(),
      producer: this.#producer,
      schemaURL: SCHEMA_URL,
      run: {
        runId: about.runId,
        facets: {
          ...(about.parent === undefined ? {} : this.#parent(about.parent, family.root)),
          ...this.#facet('processing_engine', { name: 'Champion', version, openlineageAdapterVersion: version }),
          ...about.runFacets,
        },
      },
      job: {
        ...this.#job(about.name),
        facets: {
          ...this.#facet('jobType', { processingType: 'BATCH', integration: 'CHAMPION', jobType: about.jobType }),
          ...about.jobFacets,
        },
      },
      inputs: inputs.map((each) => this.#input(each, family)),
      outputs: outputs.map((each) => this.#output(each, family)),
    };
  }

  #job(name: string): Job {
    return { namespace: this.#options.namespace, name };
  }

  #parent(parent: Known, root: Known): Record<string, Facet> {
    return this.#facet('parent', {
      run: { runId: parent.id },
      job: this.#job(parent.flowName),
      root: { run: { runId: root.id }, job: this.#job(root.flowName) },
    });
  }

  #failure(message: string | undefined): Record<string, Facet> {
    return message === undefined ? {} : this.#facet('errorMessage', { message, programmingLanguage: 'TypeScript' });
  }

  #input(touched: Touched, family: FamilyRun): InputDataset {
    const { rows, bytes, files, broken } = touched;
    const assertions = Object.keys(broken ?? {}).map((rule) => ({
      assertion: rule,
      success: false,
      actual: `${broken?.[rule]} rows`,
    }));
    return {
      ...this.#dataset(touched, family),
      inputFacets: {
        ...this.#statistics('inputStatistics', touched),
        ...(rows === undefined
          ? {}
          : this.#facet('dataQualityMetrics', defined({ rowCount: rows, bytes, fileCount: files, columnMetrics: {} }))),
        ...(assertions.length === 0 ? {} : this.#facet('dataQualityAssertions', { assertions })),
      },
    };
  }

  #output(touched: Touched, family: FamilyRun): OutputDataset {
    return { ...this.#dataset(touched, family), outputFacets: this.#statistics('outputStatistics', touched) };
  }

  #statistics(name: 'inputStatistics' | 'outputStatistics', { rows, bytes, files }: Touched): Record<string, Facet> {
    const known = defined({ rowCount: rows, size: bytes, fileCount: files });
    return Object.keys(known).length === 0 ? {} : this.#facet(name, known);
  }

  #dataset(touched: Touched, { columns }: FamilyRun) {
    const { namespace, name, type, uri, version, columnsOf } = touched;
    const fields = columnsOf === undefined ? undefined : columns.get(columnsOf);
    return {
      namespace,
      name,
      facets: {
        ...this.#facet('datasetType', { datasetType: type }),
        ...(uri === undefined ? {} : this.#facet('dataSource', { name: namespace, uri })),
        ...(version === undefined ? {} : this.#facet('version', { datasetVersion: version })),
        ...(fields === undefined ? {} : this.#facet('schema', { fields: fields.map(fieldOf) })),
      },
    };
  }
}

function fieldOf({ name, type, comment }: Column): Record<string, unknown> {
  return { name, type, ...(comment === '' ? {} : { description: comment }) };
}

/** All that the tasks of a run read from elsewhere, and all that they left behind. */
function throughout(touches: readonly Touches[]): Touches {
  const key = ({ namespace, name }: Touched) => `${namespace} ${name}`;
  const outputs = merged(touches.flatMap((each) => each.outputs).filter(({ passing }) => passing !== true));
  const made = new Set(touches.flatMap((each) => each.outputs).map(key));
  return { inputs: merged(touches.flatMap((each) => each.inputs).filter((each) => !made.has(key(each)))), outputs };
}

function defined(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
