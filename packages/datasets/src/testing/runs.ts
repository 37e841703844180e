/** Cases of a property test: some in every run of the tests, CHAMPION_TEST_RUNS of them in a long one. */
export const RUNS = Number(process.env.CHAMPION_TEST_RUNS ?? 300);

/** Milliseconds that such a test may take; a long run takes its time. */
export const RUNS_TIMEOUT = 30_000 + RUNS * 40;
