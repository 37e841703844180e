import { resolve } from 'node:path';
import { ChampionError } from '@champion/core';

/** What a command needs to find its server. */
export interface Settings {
  /** Folder of the embedded stack. Absolute. */
  readonly home: string;
  /** The server to talk to, whatever runs on the home. */
  readonly apiUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** Names of further settings in the environment, right or wrong. */
  readonly others: readonly string[];
}

const OWN = ['CHAMPION_HOME', 'CHAMPION_API_URL', 'CHAMPION_API_KEY'];

/**
 * Reads what is needed on the way to a server, and nothing else: the whole table of settings is the server's, and it
 * takes its time to load.
 * @throws ChampionError CONFIG for an address that is none
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly home?: string; readonly apiUrl?: string },
): Settings {
  const read = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  return {
    home: resolve(options.home ?? read('CHAMPION_HOME') ?? './data'),
    apiUrl: addressOf(options.apiUrl, '--api-url') ?? addressOf(read('CHAMPION_API_URL'), 'CHAMPION_API_URL'),
    apiKey: read('CHAMPION_API_KEY'),
    others: Object.keys(env).filter(
      (name) => name.startsWith('CHAMPION_') && !name.startsWith('CHAMPION_TEST_') && !OWN.includes(name),
    ),
  };
}

function addressOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new ChampionError(`${name} should be the address of a Champion server`, {
    code: 'CONFIG',
    hint: 'For example http://127.0.0.1:4200',
    context: { given: text },
  });
}
