const KEY = 'champion.api-key';

/** The key that this browser remembers for the server it got the page from. */
export function readApiKey(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

export function rememberApiKey(key: string): void {
  localStorage.setItem(KEY, key);
}
