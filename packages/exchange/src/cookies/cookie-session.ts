import { ChampionError, type Clock } from '@champion/core';
import { Cookie, CookieJar } from 'tough-cookie';

/** The visitor's cookies of the exchange's site, shared by all callers. */
export interface CookieSession {
  /** Fetches the home page when the jar has nothing for the URL. Resolves to the number of the jar's filling. */
  ready(url: URL, signal?: AbortSignal): Promise<number>;
  /** The cookie header for a URL; empty when the jar has nothing for it. */
  header(url: URL): Promise<string>;
  /** Fills the jar anew, unless that was done since `generation`. Callers at the same time share one filling. */
  renew(generation: number, signal?: AbortSignal): Promise<void>;
  /** Keeps the cookies that an answer set, each as its set-cookie header has it. */
  store(url: URL, setCookie: readonly string[]): Promise<void>;
  /** Forgets all cookies. */
  drop(): void;
}

/**
 * @param visitHome fetches the home page and passes its cookies to `store`
 */
export function createCookieSession(options: {
  homeUrl: URL;
  clock: Clock;
  visitHome: () => Promise<void>;
}): CookieSession {
  const { homeUrl, clock, visitHome } = options;
  let jar = new CookieJar();
  let generation = 0;
  let filling: Promise<void> | undefined;

  async function header(url: URL): Promise<string> {
    // Expiry is judged by the injected clock, not by the jar's own.
    const now = clock.now();
    const cookies = await jar.getCookies(url, { expire: false });
    return cookies
      .filter((cookie) => (cookie.expiryTime() ?? Number.POSITIVE_INFINITY) > now.getTime())
      .map((cookie) => cookie.cookieString())
      .join('; ');
  }

  async function fill(): Promise<void> {
    jar = new CookieJar();
    generation++;
    await visitHome();
    if ((await header(homeUrl)) !== '') return;
    throw new ChampionError(`the home page of ${homeUrl.host} set no cookie, without which it does not serve its API`, {
      code: 'BLOCKED',
      hint: 'Wait about ten minutes and run it again; or download the file in a browser and use `champion import FILE`.',
      context: { url: homeUrl.href },
    });
  }

  function fillOnce(signal: AbortSignal | undefined): Promise<void> {
    filling ??= fill().finally(() => {
      filling = undefined;
    });
    return orCancelled(filling, signal);
  }

  return {
    async ready(url, signal) {
      if (filling || (await header(url)) === '') await fillOnce(signal);
      return generation;
    },
    header,
    async renew(used, signal) {
      if (filling || used === generation) await fillOnce(signal);
    },
    async store(url, setCookie) {
      const now = clock.now();
      for (const text of setCookie) {
        const cookie = Cookie.parse(text);
        if (!cookie) continue;
        // Counted from now: the jar would count a max-age anew from each use of the cookie.
        if (typeof cookie.maxAge === 'number') {
          cookie.expires = new Date(now.getTime() + cookie.maxAge * 1000);
          cookie.maxAge = null;
        }
        // A cookie for another domain is no error, it is not ours to keep.
        await jar.setCookie(cookie, url, { ignoreError: true, now });
      }
    },
    drop() {
      // A jar that is being filled is a new one already.
      if (!filling) jar = new CookieJar();
    },
  };
}

/** One caller's going away must not end what others wait for too. */
function orCancelled(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const leave = () =>
      reject(
        new ChampionError("cancelled while fetching the site's cookies", { code: 'CANCELLED', cause: signal.reason }),
      );
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
