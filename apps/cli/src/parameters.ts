import { ChampionError } from '@champion/core';

/** Collects a repeated option. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/**
 * Reads `key=value` pairs into a flow's parameters. true, false, null, numbers and JSON are read as such; everything
 * else, dates among it, is text, and so is a number that would not print as it was written (007, 1.50).
 * @throws ChampionError INVALID_INPUT naming the pair
 */
export function parseParameters(pairs: readonly string[]): Record<string, unknown> {
  const parameters = new Map<string, unknown>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, Math.max(0, at)).trim();
    if (key === '') throw wrong(`"${pair}" is not a parameter`, 'Write it as key=value: -p trade_date=2024-07-10');
    if (parameters.has(key)) throw wrong(`the parameter "${key}" is given twice`, 'Give it once.');
    parameters.set(key, parseValue(key, pair.slice(at + 1)));
  }
  return Object.fromEntries(parameters);
}

function parseValue(key: string, text: string): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  const number = Number(text);
  if (text !== '' && Number.isFinite(number) && String(number) === text) return number;
  if (!/^[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ChampionError(`the parameter "${key}" begins like JSON, but is not JSON`, {
      code: 'INVALID_INPUT',
      hint: `Quote it for the shell: -p '${key}=["a","b"]'`,
      context: { value: text },
      cause: error,
    });
  }
}

function wrong(message: string, hint: string): ChampionError {
  return new ChampionError(message, { code: 'INVALID_INPUT', hint });
}
