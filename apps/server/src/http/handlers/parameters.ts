import { ChampionError, toErrorRecord } from '@champion/core';

/**
 * Does what checks a run's parameters. What is wrong with them is told the way that Prefect's clients read it too: where
 * in the body, and what.
 */
export async function checkingParameters<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message, hint, context } = toErrorRecord(error);
    const { complaints } = context;
    if (code !== 'INVALID_INPUT' || !Array.isArray(complaints)) throw error;
    const issues = complaints.map((complaint: unknown) => {
      const text = String(complaint);
      const colon = text.indexOf(': ');
      const path = colon < 0 ? [] : text.slice(0, colon).split('.');
      return { loc: ['body', 'parameters', ...path], msg: text.slice(colon < 0 ? 0 : colon + 2), type: 'value_error' };
    });
    throw new ChampionError(message, {
      code,
      ...(hint === undefined ? {} : { hint }),
      context: { ...context, issues },
      cause: error,
    });
  }
}
