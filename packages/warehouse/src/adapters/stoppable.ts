import type { Session } from 'chdb';

/** A statement that waits for a thread is not there to be stopped yet: it is asked for again this often. */
const AGAIN_MS = 100;
/** The engine looks at such requests between blocks of rows; one that it does not heed is no longer waited for. */
const PATIENCE_MS = 2_000;

/**
 * Waits for a statement of the embedded engine and has it stopped when the signal aborts. The engine's binding cannot
 * interrupt anything: its own abort stops waiting while the work goes on. KILL QUERY from another session does.
 * @param open another session on the same folder
 * @param tag the `log_comment` under which the statement runs, and nothing else
 * @param running the statement, begun
 */
export function stoppable<T>(
  open: () => Session,
  tag: string,
  signal: AbortSignal | undefined,
  running: Promise<T>,
): Promise<T> {
  if (signal === undefined) return running;
  return new Promise((resolve, reject) => {
    let again: NodeJS.Timeout | undefined;
    let patience: NodeJS.Timeout | undefined;
    const kill = () => {
      try {
        killTagged(open, tag);
      } catch (error) {
        reject(error);
      }
    };
    const stop = () => {
      kill();
      again = setInterval(kill, AGAIN_MS);
      patience = setTimeout(() => reject(signal.reason), PATIENCE_MS);
    };
    const settled = () => {
      signal.removeEventListener('abort', stop);
      clearInterval(again);
      clearTimeout(patience);
    };
    running.finally(settled).then(resolve, reject);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** About 2 ms on this thread: threads for asynchronous calls are few, and all may be busy with what is to be stopped. */
function killTagged(open: () => Session, tag: string): void {
  const session = open();
  try {
    session.query(`KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`);
  } finally {
    session.close();
  }
}
