/**
 * Where a link that somebody wrote may lead: to a page of ours ("/runs/…") or to one on the web (http, https). Undefined for
 * anything else, such as javascript: or "//host".
 */
export function linkKind(href: string): 'ours' | 'web' | undefined {
  // Browsers read a path without its tabs and line breaks, and two slashes as another host.
  if (href.startsWith('/')) return /^\/[/\\]|[\t\n\r]/.test(href) ? undefined : 'ours';
  return URL.canParse(href) && /^https?:$/.test(new URL(href).protocol) ? 'web' : undefined;
}
