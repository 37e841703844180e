/** A pooled connection, as PostgreSQL's client has them. */
export interface Pooled {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** With an error it is closed rather than used again. */
  release(broken?: Error): void;
}

/**
 * Options of a PostgreSQL session: a machine that vanishes with a connection lets go of its locks within half a minute, and
 * a transaction that nobody goes on with within one.
 */
export const LET_GO =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c idle_in_transaction_session_timeout=60000';

/**
 * Runs `work` on a connection taken out of a pool, and gives it back. One that is lost meanwhile says so twice: to the
 * query at work, which fails, and by an event that nobody but who has the connection hears, and that unheard would end the
 * process.
 */
export async function leased<C extends Pooled, T>(
  connect: () => Promise<C>,
  work: (connection: C) => Promise<T>,
): Promise<T> {
  const connection = await connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  connection.on('error', onError);
  try {
    return await work(connection);
  } finally {
    connection.off('error', onError);
    connection.release(broken);
  }
}
