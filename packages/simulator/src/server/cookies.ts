/** What the home page hands out; the site's API wants it back. */
export const HOME_COOKIES: readonly string[] = [
  'nsit=simulated; Path=/; HttpOnly; SameSite=Lax',
  'nseappid=simulated; Path=/; HttpOnly; SameSite=Lax',
];

const VALUES = HOME_COOKIES.map((cookie) => cookie.slice(0, cookie.indexOf(';')));

/** Whether a request's cookie header carries all of the home page's cookies. */
export function hasHomeCookies(header: string | undefined): boolean {
  const carried = new Set((header ?? '').split(';').map((cookie) => cookie.trim()));
  return VALUES.every((value) => carried.has(value));
}
