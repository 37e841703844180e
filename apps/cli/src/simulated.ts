/** Simulated rows have a home of their own: among real ones nobody could tell them apart. */
export const SIMULATED_HOME = 'data/demo';

/** Settings that turn everything to a simulated exchange, and to stores that serve no real rows. */
export function simulatedSettings(url: string, home: string | undefined): Record<string, string | undefined> {
  return {
    CHAMPION_HOME: home ?? SIMULATED_HOME,
    NSE_ARCHIVES_URL: url,
    NSE_SITE_URL: url,
    NSE_REQUESTS_PER_SECOND: '100',
    DATABASE_URL: undefined,
    CLICKHOUSE_URL: undefined,
  };
}
