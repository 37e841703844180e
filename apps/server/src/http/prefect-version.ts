import { ChampionError } from '@champion/core';

const OLDEST = [0, 8, 0] as const;

/** What a Prefect client says that it speaks. @throws ChampionError INVALID_INPUT when that is not spoken here */
export function checkPrefectVersion(header: string | undefined): void {
  if (header === undefined) return;
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(header.trim());
  if (match === null) {
    throw wrong(
      `Invalid X-PREFECT-API-VERSION header format. Expected header in format 'x.y.z', got: '${header.slice(0, 50)}'`,
    );
  }
  const version = match.slice(1).map(Number);
  for (const [i, oldest] of OLDEST.entries()) {
    const part = version[i] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      throw wrong(`The client speaks version ${header} of Prefect's API, this server ${OLDEST.join('.')} and later`);
    }
  }
}

function wrong(message: string): ChampionError {
  return new ChampionError(message, { code: 'INVALID_INPUT', hint: 'Install Prefect 3 (pip install -U prefect).' });
}
