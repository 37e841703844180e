// Exits with 0 when the address given answers well, for a container's health check: the image has neither curl nor wget.
//
//   node healthcheck.mjs [URL]     default: the health of the server in this container
const { CHAMPION_API_KEY: key = '', CHAMPION_PORT: port = '4200' } = process.env;
const url = process.argv[2] ?? `http://127.0.0.1:${port}/api/health`;
const WITHIN_MS = 4_000;

try {
  const answer = await fetch(url, {
    headers: key === '' ? {} : { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`it answers ${answer.status}`);
} catch (error) {
  const { message, cause } = /** @type {Error} */ (error);
  console.error(`${url}: ${cause instanceof Error ? cause.message : message}`);
  process.exitCode = 1;
}
