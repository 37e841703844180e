import type { Clock } from '@champion/core';
import type { Redaction } from './blocks/redaction.ts';
import type { EngineEvents, InternalLog, LogLevel } from './events.ts';
import { storableText, throughJson } from './json.ts';
import type { LogLine, RunRecords } from './records/run-records.ts';

/** Writes to the run's log: the events, and within 100 ms the records. */
export interface RunLogger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const FLUSH_AFTER_MS = 100;
const FLUSH_AT_LINES = 200;
const BATCH_LINES = 1_000;
/** Lines held while the database is slow or away; the newest beyond it are counted and dropped. */
const MAX_HELD_LINES = 20_000;

/** Gathers the log lines of all runs and writes them in batches. */
export class RunLog {
  readonly #records: RunRecords;
  readonly #events: EngineEvents;
  readonly #clock: Clock;
  readonly #internalLog: InternalLog;
  readonly #onWritten: (flowRunIds: readonly string[]) => void;
  #held: LogLine[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    records: RunRecords,
    events: EngineEvents,
    clock: Clock,
    internalLog: InternalLog,
    onWritten: (flowRunIds: readonly string[]) => void,
  ) {
    this.#records = records;
    this.#events = events;
    this.#clock = clock;
    this.#internalLog = internalLog;
    this.#onWritten = onWritten;
  }

  /** @param redaction keeps secrets out of the lines */
  logger(flowRunId: string, taskRunId: string | undefined, redaction: Redaction): RunLogger {
    const at = (level: LogLevel) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
      this.#add(level, message, fields, flowRunId, taskRunId, redaction);
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  /** Writes what is held; resolves when it is written. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#held.length > 0) this.#writing ??= this.#writeAll();
    await this.#writing;
  }

  #add(
    level: LogLevel,
    message: string,
    fields: Readonly<Record<string, unknown>> | undefined,
    flowRunId: string,
    taskRunId: string | undefined,
    redaction: Redaction,
  ): void {
    const at = this.#clock.now();
    const line = {
      flowRunId,
      ...(taskRunId === undefined ? {} : { taskRunId }),
      level,
      message: storableText(redaction.text(message)),
      // Taken as it is now: the caller may go on to change it.
      ...(fields === undefined ? {} : { fields: redaction.value(throughJson(fields) as Record<string, unknown>) }),
      at,
    };
    this.#events.emit({ type: 'log', ...line });
    if (this.#held.length >= MAX_HELD_LINES) {
      this.#dropped++;
      return;
    }
    this.#held.push(line);
    if (this.#held.length === FLUSH_AT_LINES) void this.flush();
    else if (this.#writing === undefined) this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS);
  }

  /** One batch at a time, so the lines of a run keep their order and no more than one batch is under way. */
  async #writeAll(): Promise<void> {
    while (this.#held.length > 0) await this.#write(this.#held.splice(0, BATCH_LINES));
    this.#writing = undefined;
  }

  /** A log that can't be written must not fail the run whose log it is; the loss is reported. */
  async #write(lines: readonly LogLine[]): Promise<void> {
    try {
      await this.#records.addLogs(lines);
      this.#onWritten([...new Set(lines.map(({ flowRunId }) => flowRunId))]);
    } catch (error) {
      this.#internalLog('error', `${lines.length} lines of run logs were lost`, { error });
    }
    if (this.#dropped === 0) return;
    this.#internalLog('error', `${this.#dropped} lines of run logs were dropped: the database does not keep up`);
    this.#dropped = 0;
  }
}
