// Starts the embedded PostgreSQL in the folder named on the command line, prints its URL, and stops it at the end of stdin.
import { startEmbeddedPostgres } from '../postgres/embedded.ts';

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' });
console.log(server.url);
process.stdin.resume().once('end', () => {
  void server.stop();
});
