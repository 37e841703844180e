import { useSyncExternalStore } from 'react';

// One timer for every clock of the page; it rests while nobody looks.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let offsetMs = 0;
let seconds = Math.floor(Date.now() / 1000);

function tick() {
  const next = Math.floor((Date.now() + offsetMs) / 1000);
  if (next === seconds) return;
  seconds = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 250);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's clock against this machine's, so that countdowns agree with what runs when. */
export function setServerTime(now: Date): void {
  const measured = now.getTime() - Date.now();
  // Less than that is the way of the answer.
  offsetMs = Math.abs(measured) < 2000 ? 0 : measured;
}

/** Milliseconds since 1970, by the server's clock, whole steps of `everySeconds`; renders again at each. */
export function useNow(everySeconds = 1): number {
  const step = useSyncExternalStore(subscribe, () => Math.floor(seconds / everySeconds));
  return step * everySeconds * 1000;
}
