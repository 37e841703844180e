import { z } from 'zod';

/** Parameter of a flow that names what to ask for: at least one, each once, and what is asked for when nothing is said. */
export function names(name: z.ZodType<string, string>, most: number, otherwise: readonly string[]) {
  return z
    .array(name)
    .min(1)
    .max(most)
    .transform((given) => [...new Set(given)])
    .default([...otherwise]);
}
