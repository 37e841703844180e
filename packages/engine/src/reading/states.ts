import type { Database } from '../records/database.ts';
import type { StateType } from '../states.ts';
import { stateId } from './flow-run-rows.ts';

export interface RunState {
  readonly id: string;
  readonly type: StateType;
  readonly name: string;
  readonly message: string | null;
  readonly at: Date;
}

const MOST_STATES = 1_000;

/** Reads the history of states. */
export class StateReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The states a flow run has been in, oldest first; the latest 1000. */
  ofFlowRun(id: string): Promise<RunState[]> {
    return this.#of(id, id);
  }

  /** The same of a task run. */
  async ofTaskRun(id: string): Promise<RunState[]> {
    const text = 'SELECT flow_run_id AS run FROM champion.task_runs WHERE id = $1';
    const rows = await this.#database.run<{ run: string }>({ name: 'states-task-run', text }, [id]);
    return rows[0] === undefined ? [] : this.#of(rows[0].run, id);
  }

  async #of(flowRunId: string, runId: string): Promise<RunState[]> {
    const text = `SELECT type, name, message, at FROM champion.states
      WHERE flow_run_id = $1 AND run_id = $2 ORDER BY id DESC LIMIT ${MOST_STATES}`;
    const rows = await this.#database.run<Omit<RunState, 'id'>>({ name: 'states-of', text }, [flowRunId, runId]);
    return rows.reverse().map((state) => ({ id: stateId(runId, state), ...state }));
  }
}
