/**
 * A signal that aborts with any of the given ones. Unlike AbortSignal.any it is taken apart again by `unlink`, so that
 * a signal which outlives many requests keeps nothing of them.
 */
export function linkSignals(...signals: readonly (AbortSignal | undefined)[]): {
  readonly signal: AbortSignal;
  unlink(): void;
} {
  const controller = new AbortController();
  const links: (() => void)[] = [];
  for (const source of signals) {
    if (!source) continue;
    const abort = () => controller.abort(source.reason);
    if (source.aborted) abort();
    source.addEventListener('abort', abort, { once: true });
    links.push(() => source.removeEventListener('abort', abort));
  }
  return {
    signal: controller.signal,
    unlink: () => {
      for (const link of links) link();
    },
  };
}
