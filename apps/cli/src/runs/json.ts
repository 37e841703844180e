/** Properties whose values are the flows' own, to be shown as they are. */
const OPAQUE = ['parameters', 'result', 'error', 'fields'];

/** A run record as JSON for programs: names in snake_case, as everywhere on the wire. */
export function wireJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireJson);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      OPAQUE.includes(key) ? item : wireJson(item),
    ]),
  );
}
