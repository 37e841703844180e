import { businessDate, toErrorRecord } from '@champion/core';
import { InvalidArgumentError, Option } from 'commander';

/** `-o`: how an answer is printed. */
export function outputOption<F extends string>(formats: readonly F[], preset: F): Option {
  return new Option('-o, --output <format>', 'how to print it').choices(formats).default(preset);
}

/** Reads an option's number, a whole one from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** An option that is a business date. */
export function dateOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    try {
      return businessDate(text);
    } catch (error) {
      throw new InvalidArgumentError(toErrorRecord(error).hint ?? '');
    }
  });
}
