/**
 * Random numbers that can be looked up in any order: each is a hash of its coordinates, so that any session's market can
 * be computed without the sessions before it.
 */

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A uniform 32-bit integer for these coordinates. */
export function hash(seed: number, topic: number, a: number, b = 0): number {
  return mix(mix(mix(Math.imul(seed, 0x9e3779b1) + Math.imul(topic, 0x85ebca6b)) ^ Math.imul(a, 0xc2b2ae35)) ^ b);
}

/** Uniform in [0, 1). */
export function uniform(seed: number, topic: number, a: number, b = 0): number {
  return hash(seed, topic, a, b) / 4_294_967_296;
}

/** Close to a standard normal, never beyond 3.5: the sum of four uniforms. */
export function normal(seed: number, topic: number, a: number, b = 0): number {
  const first = hash(seed, topic, a, b);
  const second = mix(first ^ 0x5bd1e995);
  const sum = (first >>> 16) + (first & 0xffff) + (second >>> 16) + (second & 0xffff);
  return (sum / 65_536 - 2) * Math.sqrt(3);
}

const OCTAVES = 12;
const SCALE = 0.866;

/**
 * A path over days that looks like a random walk and is known at each day alone: value noise at periods of 1 to 2048
 * days, each as tall as the root of its period. A day's step has a standard deviation of about 1.
 */
export function walk(seed: number, topic: number, key: number, day: number): number {
  // Each path's lattice starts elsewhere, or all paths would bend on the same days.
  const at = day + (Math.imul(key, 977) & 4095);
  let sum = 0;
  for (let octave = 0; octave < OCTAVES; octave++) {
    const period = 1 << octave;
    const knot = at >> octave;
    const fraction = (at & (period - 1)) / period;
    const left = hash(seed, topic + octave, key, knot) / 2_147_483_648 - 1;
    const right = fraction === 0 ? left : hash(seed, topic + octave, key, knot + 1) / 2_147_483_648 - 1;
    sum += (left + (right - left) * fraction) * Math.sqrt(period);
  }
  return sum * SCALE;
}
