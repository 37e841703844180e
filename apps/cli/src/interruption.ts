import { EXIT } from './exit-code.ts';

/** Thrown in place of a result when the person at the keyboard wanted to stop. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

const SLOW_MS = 1_000;

/**
 * Listens for Ctrl-C (SIGINT) and SIGTERM: the first asks for a clean end, the second leaves at once. What is being
 * opened is opened to its end, so that it can be closed.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #onSignal = (): void => {
    if (this.happened) process.exit(EXIT.interrupted);
    this.#controller.abort(new Interrupted());
    this.#timer = setTimeout(this.#onSlow, SLOW_MS).unref();
  };
  readonly #onSlow: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param onSlow called when the end takes longer than a moment: the person should know that a second signal helps */
  constructor(onSlow: () => void) {
    this.#onSlow = onSlow;
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  /** Fires at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

  /** @throws Interrupted once there was a signal */
  check(): void {
    this.signal.throwIfAborted();
  }

  /** The work's result, or Interrupted at the first signal. For work that may be left alone. */
  async race<T>(work: Promise<T>): Promise<T> {
    this.check();
    let onAbort = (): void => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      onAbort = () => reject(this.signal.reason);
      this.signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([work, interrupted]);
    } finally {
      this.signal.removeEventListener('abort', onAbort);
    }
  }

  /** Calls `handler` at a signal while `work` goes on to its end. */
  async handledBy<T>(handler: () => void, work: Promise<T>): Promise<T> {
    if (this.happened) handler();
    this.signal.addEventListener('abort', handler, { once: true });
    try {
      return await work;
    } finally {
      this.signal.removeEventListener('abort', handler);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }
}
