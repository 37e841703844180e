import type { System } from '@champion/contract';
import type { Clock } from '@champion/core';
import type { Pacer, RequestEvent } from '@champion/exchange';

type HostState = System['exchange'][number];

/** What says that the host did not serve, rather than that it has no such file. */
const NOT_SERVED: ReadonlySet<string> = new Set(['BLOCKED', 'UNREACHABLE', 'TIMEOUT']);
/** What says nothing of the host. */
const OURS: ReadonlySet<string> = new Set(['CANCELLED', 'INTERNAL', 'REDIRECT']);
/** The configuration names two. */
const MOST_HOSTS = 10;

interface Host {
  openUntil: number;
  failures: number;
  outcome: string;
  at: number;
  successAt: number | undefined;
}

/** How the hosts of the exchange have been answering this process. */
export class ExchangeWatch {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, Host>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For `createExchange({ onRequest })`. */
  readonly onRequest = ({ host, outcome }: Pick<RequestEvent, 'host' | 'outcome'>): void => {
    if (OURS.has(outcome)) return;
    const known = this.#host(host);
    if (known === undefined) return;
    known.at = this.#clock.now().getTime();
    known.outcome = outcome;
    if (NOT_SERVED.has(outcome)) known.failures += 1;
    else {
      known.failures = 0;
      known.successAt = known.at;
    }
  };

  /** The same pacer, of which it is known when it leaves a host alone. */
  watched(pacer: Pacer): Pacer {
    return {
      acquire: (...asked) => pacer.acquire(...asked),
      pause: async (host, untilMs) => {
        const known = this.#host(host);
        if (known !== undefined) known.openUntil = Math.max(known.openUntil, untilMs);
        await pacer.pause(host, untilMs);
      },
    };
  }

  /** The hosts that were asked something, by name. */
  states(): HostState[] {
    const now = this.#clock.now().getTime();
    return [...this.#hosts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([host, { openUntil, failures, outcome, at, successAt }]) => ({
        host,
        circuit: openUntil > now ? 'open' : failures > 0 ? 'half_open' : 'closed',
        open_until: openUntil > now ? new Date(openUntil).toISOString() : null,
        failures,
        last_outcome: outcome,
        last_at: new Date(at).toISOString(),
        last_success_at: successAt === undefined ? null : new Date(successAt).toISOString(),
      }));
  }

  #host(name: string): Host | undefined {
    const known = this.#hosts.get(name);
    if (known !== undefined || this.#hosts.size >= MOST_HOSTS) return known;
    const at = this.#clock.now().getTime();
    const made: Host = { openUntil: 0, failures: 0, outcome: 'OK', at, successAt: undefined };
    this.#hosts.set(name, made);
    return made;
  }
}
