const ONCE_IN_MS = 30_000;

/**
 * The server was updated beneath an open page, and the part of the app that is needed now is gone: take the new one. Once
 * only, for a part that is missing on a fresh page is missing for good.
 */
export function reloadWhenReplaced(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem('champion.reloaded') ?? 0);
    if (Date.now() - last < ONCE_IN_MS) return;
    event.preventDefault();
    sessionStorage.setItem('champion.reloaded', String(Date.now()));
    location.reload();
  });
}
