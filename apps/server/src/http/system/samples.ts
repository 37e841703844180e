import type { SystemHistory, SystemSample } from '@champion/contract';
import { summed } from './api-traffic.ts';

/** Seconds between samples. */
export const SAMPLE_SECONDS = 10;
/** A day of them; some two megabytes. */
const MOST = (24 * 3600) / SAMPLE_SECONDS;
/** As many as a chart has pixels. */
const MOST_GIVEN = 720;

/** The last day's samples. */
export class Samples {
  #kept: SystemSample[] = [];

  add(sample: SystemSample): void {
    this.#kept.push(sample);
    // Not one by one: shifting thousands for each would be more work than the sample.
    if (this.#kept.length > MOST * 1.1) this.#kept = this.#kept.slice(-MOST);
  }

  get latest(): SystemSample | undefined {
    return this.#kept.at(-1);
  }

  /** Those since a moment; of many, several make one. */
  since(from: Date): SystemHistory {
    const found = this.#kept.slice(-MOST).filter(({ at }) => Date.parse(at) >= from.getTime());
    const each = Math.max(1, Math.ceil(found.length / MOST_GIVEN));
    const samples: SystemSample[] = [];
    // Counted from the end, so that the latest is always whole.
    for (let end = found.length; end > 0; end -= each) {
      const some = found.slice(Math.max(0, end - each), end);
      const last = some.at(-1);
      if (last !== undefined) samples.push(some.length === 1 ? last : merged(some, last));
    }
    return { every_seconds: SAMPLE_SECONDS * each, samples: samples.reverse() };
  }
}

/** One for several: shares on average, work at its most, requests together. */
function merged(samples: readonly SystemSample[], last: SystemSample): SystemSample {
  const mean = (of: (sample: SystemSample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const most = (of: (sample: SystemSample) => number | null) => {
    const known = samples.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    at: last.at,
    cpu: mean(({ cpu }) => cpu),
    load: mean(({ load }) => load),
    rss_bytes: Math.round(mean(({ rss_bytes }) => rss_bytes)),
    heap_used_bytes: Math.round(mean(({ heap_used_bytes }) => heap_used_bytes)),
    memory_used: mean(({ memory_used }) => memory_used),
    disk_used: last.disk_used,
    running: most(({ running }) => running),
    late: most(({ late }) => late),
    requests: samples
      .map(({ requests }) => requests)
      .reduce((sum, requests) => summed(sum, requests), { answered: 0, refused: 0, failed: 0 }),
  };
}
