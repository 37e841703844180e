import { API_PREFIX, type Endpoint } from '@champion/contract';
import { ChampionError, closest } from '@champion/core';

/** What to say where no route is: the path that was meant, or the methods that it has. */
export class Routes {
  readonly #known: readonly { readonly method: string; readonly path: string; readonly matches: RegExp }[];

  constructor(endpoints: readonly Endpoint[]) {
    this.#known = endpoints.map(({ route, pattern }) => ({
      method: route.method,
      path: `${API_PREFIX}${route.path}`,
      matches: new RegExp(`^${API_PREFIX}${pattern.replace(/:\w+/g, '[^/]+')}/?$`),
    }));
  }

  /** The methods that a path has, for a request with another. */
  methodsOf(path: string): string[] {
    return [...new Set(this.#known.filter(({ matches }) => matches.test(path)).map(({ method }) => method))];
  }

  notFound(method: string, path: string): ChampionError {
    const meant = this.#meant(path);
    return new ChampionError(`There is nothing at ${method} ${path.slice(0, 200)}`, {
      code: 'NOT_FOUND',
      hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}All routes are listed at ${API_PREFIX}/docs.`,
      context: { path: path.slice(0, 200) },
    });
  }

  notAllowed(method: string, path: string, methods: readonly string[]): ChampionError {
    return new ChampionError(`${path.slice(0, 200)} does not take ${method}`, {
      code: 'INVALID_INPUT',
      hint: `It takes ${methods.join(' and ')}.`,
      context: { path: path.slice(0, 200), methods },
    });
  }

  /** The known path most like it, whatever stands where that has a parameter. */
  #meant(path: string): string | undefined {
    const parts = path.replace(/\/+$/, '').split('/');
    const candidates = new Map<string, string>();
    for (const known of this.#known) {
      const pieces = known.path.split('/');
      if (pieces.length !== parts.length) continue;
      candidates.set(pieces.map((piece, i) => (piece.startsWith('{') ? parts[i] : piece)).join('/'), known.path);
    }
    const found = closest(parts.join('/'), [...candidates.keys()]);
    return found === undefined ? undefined : candidates.get(found);
  }
}
