import type { System } from '@champion/contract';

export interface Sample {
  /** Seconds since 1970. */
  readonly at: number;
  readonly rss: number;
  readonly heap: number;
  /** Of the machine, 0 to 1. */
  readonly memory: number;
  /** Share of all cores, 0 to 1. */
  readonly cpu: number;
  readonly load: number;
  /** Of the file system, 0 to 1. */
  readonly disk: number;
}

/** Half an hour at one every two seconds. */
export const MOST_SAMPLES = 900;

export function sampleOf({ memory, cpu, disk }: System, at: number): Sample {
  return {
    at: Math.round(at / 1000),
    rss: memory.rss_bytes,
    heap: memory.heap_used_bytes,
    memory: 1 - memory.system_free_bytes / Math.max(1, memory.system_total_bytes),
    cpu: cpu.used / cpu.cores,
    load: cpu.load_average[0] ?? 0,
    disk: 1 - disk.free_bytes / Math.max(1, disk.total_bytes),
  };
}

/** One more sample; the oldest goes. Two of the same second are one. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  if (samples.at(-1)?.at === sample.at) return samples;
  return [...samples.slice(1 - MOST_SAMPLES), sample];
}
