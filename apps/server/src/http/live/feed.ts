import { ChampionError } from '@champion/core';
import type { EngineEvent, FlowRunEvent, InternalLog, LogLineRow, TaskRunEvent } from '@champion/engine';
import type { Plane } from '../parts.ts';
import { Listener } from './listener.ts';
import { RecentMap } from './recent-map.ts';

/** What is told of the run that something happened in. */
export interface RunIdentity {
  readonly id: string;
  readonly name: string;
  readonly flowId: string | null;
  readonly flowName: string;
  readonly deploymentId: string | null;
  readonly deploymentName: string | null;
  readonly parentFlowRunId: string | null;
}

export type Happening =
  | { readonly kind: 'flow_run'; readonly run: RunIdentity; readonly event: FlowRunEvent }
  | { readonly kind: 'task_run'; readonly run: RunIdentity; readonly event: TaskRunEvent }
  | { readonly kind: 'log'; readonly run: RunIdentity; readonly line: LogLineRow };

export interface Interest {
  /** The run that is listened to; without it, all of them. */
  readonly flowRunId?: string;
  /** The runs of which lines are wanted; without it, those of all that are listened to. */
  readonly linesOf?: readonly string[];
}

const MOST_LISTENERS = 200;
/** Events that wait to be told while a run is looked up. */
const MOST_BACKLOG = 10_000;
const RUNS_REMEMBERED = 5_000;
const LINES_PER_READ = 1_000;

type Work = { readonly event: FlowRunEvent | TaskRunEvent } | { readonly linesOf: string };

/**
 * What happens in all processes, told to any number of listeners. While nobody listens, nothing is done. Log lines are read
 * from the records when it is said that there are some, so that they come in order, once, and with their ids.
 */
export class LiveFeed {
  readonly #plane: Plane;
  readonly #log: InternalLog;
  readonly #listeners = new Map<Listener<Happening>, Interest>();
  readonly #runs = new RecentMap<string, RunIdentity>(RUNS_REMEMBERED);
  /** The last line told of each run; of others those after `#floor` are new. */
  readonly #told = new RecentMap<string, number>(RUNS_REMEMBERED, (line) => {
    this.#floor = Math.max(this.#floor, line);
  });
  #floor = 0;
  readonly #runsWithLines = new Set<string>();
  #backlog: Work[] = [];
  #working = false;
  #stop: (() => void) | undefined;
  #opening: Promise<void> | undefined;

  constructor(plane: Plane, log: InternalLog) {
    this.#plane = plane;
    this.#log = log;
  }

  /** How many listen. */
  get size(): number {
    return this.#listeners.size;
  }

  /**
   * Everything that happens from now on in the run, or in all. Close the listener when done.
   * @throws ChampionError BUSY when there are too many
   */
  async listen(interest: Interest = {}): Promise<Listener<Happening>> {
    if (this.#listeners.size >= MOST_LISTENERS) {
      throw new ChampionError(`${MOST_LISTENERS} clients listen already`, {
        code: 'BUSY',
        retry: { after: 5_000 },
        hint: 'Close some, or ask for the records instead.',
      });
    }
    const listener = new Listener<Happening>(() => this.#leave(listener));
    this.#listeners.set(listener, interest);
    try {
      this.#opening ??= this.#open();
      await this.#opening;
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener;
  }

  /** The server stops: every listener is to connect again. */
  close(): void {
    for (const listener of [...this.#listeners.keys()]) listener.cut('the server stops');
  }

  async #open(): Promise<void> {
    const unsubscribe = this.#plane.events.subscribe((event) => this.#hear(event));
    const unsubscribeLogs = this.#plane.onLogs((ids) => this.#hearLines(ids));
    this.#stop = () => {
      unsubscribe();
      unsubscribeLogs();
    };
    const [last] = await this.#plane.runs.logLines.tail({}, 1);
    this.#floor = last?.id ?? 0;
  }

  #leave(listener: Listener<Happening>): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#opening = undefined;
    this.#backlog = [];
    this.#runsWithLines.clear();
    this.#told.clear();
    this.#runs.clear();
  }

  #hear(event: EngineEvent): void {
    // Lines are told of by onLogs, with their ids.
    if (event.type === 'log' || !this.#isWanted(event.flowRunId)) return;
    this.#add({ event });
  }

  #hearLines(ids: readonly string[]): void {
    for (const id of ids) {
      if (!this.#wantsLines(id) || this.#runsWithLines.has(id)) continue;
      this.#runsWithLines.add(id);
      this.#add({ linesOf: id });
    }
  }

  #isWanted(flowRunId: string): boolean {
    for (const { flowRunId: wanted } of this.#listeners.values()) {
      if (wanted === undefined || wanted === flowRunId) return true;
    }
    return false;
  }

  #wantsLines(flowRunId: string): boolean {
    for (const interest of this.#listeners.values()) if (wantsLines(interest, flowRunId)) return true;
    return false;
  }

  #add(work: Work): void {
    if (this.#backlog.length >= MOST_BACKLOG) {
      for (const listener of [...this.#listeners.keys()]) listener.cut('more happens than the server can tell');
      return;
    }
    this.#backlog.push(work);
    if (!this.#working) void this.#workOff();
  }

  /** One after the other, in the order in which things happened. */
  async #workOff(): Promise<void> {
    this.#working = true;
    for (let work = this.#backlog.shift(); work !== undefined; work = this.#backlog.shift()) {
      try {
        if ('event' in work) await this.#tellEvent(work.event);
        else await this.#tellLines(work.linesOf);
      } catch (error) {
        // Whoever listens can read it from the records; the next one may work again.
        this.#log('warn', 'What happened in a run could not be told', { error });
      }
    }
    this.#working = false;
  }

  async #tellEvent(event: FlowRunEvent | TaskRunEvent): Promise<void> {
    const run = await this.#identityOf(event);
    if (run === undefined) return;
    this.#tell(event.type === 'flow_run' ? { kind: 'flow_run', run, event } : { kind: 'task_run', run, event });
  }

  async #tellLines(id: string): Promise<void> {
    this.#runsWithLines.delete(id);
    const run = this.#runs.get(id) ?? (await this.#lookUp(id));
    if (run === undefined) return;
    for (;;) {
      const after = this.#told.get(id) ?? this.#floor;
      const { lines } = await this.#plane.runs.logLines.list({ flowRunIds: [id] }, { after, limit: LINES_PER_READ });
      const last = lines.at(-1);
      if (last === undefined) return;
      this.#told.set(id, last.id);
      for (const line of lines) this.#tell({ kind: 'log', run, line });
      if (lines.length < LINES_PER_READ) return;
    }
  }

  #tell(happening: Happening): void {
    const { id } = happening.run;
    for (const [listener, interest] of this.#listeners) {
      const { flowRunId = id } = interest;
      if (flowRunId === id && (happening.kind !== 'log' || wantsLines(interest, id))) listener.push(happening);
    }
  }

  async #identityOf(event: FlowRunEvent | TaskRunEvent): Promise<RunIdentity | undefined> {
    const known = this.#runs.get(event.flowRunId) ?? (await this.#lookUp(event.flowRunId));
    // A run may be named anew when it begins.
    if (known === undefined || event.type !== 'flow_run' || event.name === known.name) return known;
    const renamed = { ...known, name: event.name };
    this.#runs.set(event.flowRunId, renamed);
    return renamed;
  }

  async #lookUp(id: string): Promise<RunIdentity | undefined> {
    const [row] = (await this.#plane.runs.flowRuns.list({ ids: [id] }, { limit: 1 })).rows;
    if (row === undefined) return undefined;
    const { name, flowId, flowName, deploymentId, deploymentName, parentFlowRunId } = row;
    const run = { id, name, flowId, flowName, deploymentId, deploymentName, parentFlowRunId };
    this.#runs.set(id, run);
    return run;
  }
}

function wantsLines({ flowRunId, linesOf }: Interest, id: string): boolean {
  return (flowRunId === undefined || flowRunId === id) && (linesOf === undefined || linesOf.includes(id));
}
