import { toErrorRecord } from '@champion/core';

/** What the server says of each parameter of a run: "trade_date: got nothing, expected string" is about trade_date. */
export function parameterErrors(error: unknown): Readonly<Record<string, string>> {
  if (error === null || error === undefined) return {};
  const { complaints } = toErrorRecord(error).context;
  if (!Array.isArray(complaints)) return {};
  return Object.fromEntries(
    complaints.map(String).flatMap((complaint) => {
      const [, path = '', said = ''] = /^([^\s:]+): (.*)$/s.exec(complaint) ?? [];
      const [name = ''] = path.split('.');
      return name === '' ? [] : [[name, said.charAt(0).toUpperCase() + said.slice(1)]];
    }),
  );
}
