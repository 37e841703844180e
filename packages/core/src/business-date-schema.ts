import { z } from 'zod';
import { type BusinessDate, parseIsoDate } from './business-date.ts';

// Apart from the dates themselves, so that a program that only reads dates does not load zod.

/** zod schema of a business date parameter. */
export const BusinessDateSchema = z
  .string()
  .refine((text) => parseIsoDate(text) !== undefined, { message: 'expected a business date written YYYY-MM-DD' })
  // Forms made of a schema know it by this.
  .meta({ format: 'date' })
  .transform((text) => text as BusinessDate);
