import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChampionError, type Clock, systemClock, TradingCalendar } from '@champion/core';
import { readPublishedPath } from '../bhavcopy/eras.ts';
import { FaultPlan, fits } from '../faults/fault-plan.ts';
import { type FaultRule, formatFault, parseFault } from '../faults/fault-rule.ts';
import { type Answer, html, send } from './answer.ts';
import { HOME_COOKIES, hasHomeCookies } from './cookies.ts';
import { BoundedCounters, type RequestCounters } from './counters.ts';
import { encoded } from './encoding.ts';
import { faultyAnswer, subjectAnswer } from './faulty-answer.ts';
import type { FileSource } from './files.ts';
import { generatedFiles } from './generated-files.ts';
import { generatedRoutes } from './generated-routes.ts';
import { HOME_PAGE, NOT_FOUND_PAGE, UNAUTHORISED_PAGE } from './pages.ts';
import { replayedFiles } from './replayed-files.ts';
import { fileSubject, type Route, type Subject } from './subject.ts';

/** What the simulator did with one request; reported when the answer is decided, before it is sent. */
export interface SimulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The fault that was applied, as `parseFault` reads it. */
  readonly fault?: string;
}

export interface SimulatorOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly host?: '127.0.0.1';
  /** Any whole number; another seed is another market. Default 1. */
  readonly seed?: number;
  /** Serve this folder's real files, and nothing made up. */
  readonly replayDir?: string;
  readonly faults?: readonly FaultRule[];
  readonly clock?: Clock;
  readonly calendar?: TradingCalendar;
  /** Serve today's files at any hour, not only from 18:00 IST. The future stays empty. */
  readonly publishAll?: boolean;
  readonly onRequest?: (request: SimulatedRequest) => void;
}

/** A running simulator. */
export interface Simulator {
  /** http://127.0.0.1:PORT, for the archives' paths and the site's alike. */
  readonly url: string;
  readonly port: number;
  readonly requests: RequestCounters;
  /** Replaces all rules; their counts start anew. */
  setFaults(rules: readonly FaultRule[]): void;
  /** Stops listening and ends all connections, idle or not. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const DEFAULT_SEED = 1;
const KEEP_ALIVE_MS = 30_000;
/** On every answer: "seed=N", or "replay" for real files. */
export const SIMULATOR_HEADER = 'x-champion-simulator';
/** A request may ask for a fault by this header, or by the query parameter `fault`. */
export const FAULT_HEADER = 'x-simulator-fault';
/** Pages of the site that hand out cookies. */
const HOME_PATHS: ReadonlySet<string> = new Set(['/', '/option-chain']);

/** The parts that answering needs. */
interface Exchange {
  readonly seed: number;
  readonly files: FileSource;
  /** What it serves beside the dated files; nothing in replay. */
  readonly routes: readonly Route[];
  readonly plan: FaultPlan;
  readonly requests: BoundedCounters;
}

interface Decision {
  readonly answer: Answer;
  readonly fault?: FaultRule;
}

/**
 * Starts a simulated exchange on the loopback interface.
 * @throws ChampionError BUSY when the port is taken; INVALID_INPUT when the seed, the port or the replay folder is unusable
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = HOST, seed = DEFAULT_SEED, replayDir, onRequest } = options;
  checkNumbers(port, seed);
  const market = {
    seed,
    clock: options.clock ?? systemClock,
    calendar: options.calendar ?? new TradingCalendar(),
    publishAll: options.publishAll ?? false,
  };
  const files = replayDir === undefined ? generatedFiles(market) : await replayedFiles(replayDir);
  const exchange: Exchange = {
    seed,
    files,
    routes: replayDir === undefined ? generatedRoutes(market) : [],
    plan: new FaultPlan(options.faults ?? []),
    requests: new BoundedCounters(),
  };

  const server = createServer((request, response) => {
    void respond(exchange, onRequest, request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    requests: exchange.requests,
    setFaults: (rules) => exchange.plan.set(rules),
    close: () => close(server),
  };
}

async function respond(
  exchange: Exchange,
  onRequest: SimulatorOptions['onRequest'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  const target = request.url ?? '/';
  const [path = '/', query = ''] = target.split('?', 2);
  const method = request.method ?? 'GET';
  // A client that keeps the headers with the file thereby records that the exchange did not send it.
  response.setHeader(SIMULATOR_HEADER, exchange.files.mode === 'replay' ? 'replay' : `seed=${exchange.seed}`);
  let decision: Decision;
  try {
    decision = await decide(exchange, method, path, query, request.headers);
  } catch (error) {
    // A test that meets this reads why in the answer; the server itself stands.
    const status = error instanceof ChampionError && error.code === 'INVALID_INPUT' ? 400 : 500;
    const { message, hint } = error instanceof ChampionError ? error : { message: String(error), hint: undefined };
    decision = { answer: json(status, { error: message, ...(hint === undefined ? {} : { hint }) }) };
  }
  const { answer, fault } = decision;
  exchange.requests.add(path, answer.status);
  onRequest?.({ method, path, status: answer.status, ...(fault ? { fault: formatFault(fault) } : {}) });
  send(response, answer, method === 'HEAD');
}

async function decide(
  exchange: Exchange,
  method: string,
  path: string,
  query: string,
  headers: IncomingHttpHeaders,
): Promise<Decision> {
  if (method !== 'GET' && method !== 'HEAD') return { answer: json(405, { error: `${method} is not allowed` }) };
  if (HOME_PATHS.has(path)) return { answer: html(200, HOME_PAGE, { 'set-cookie': [...HOME_COOKIES] }) };
  if (path === '/robots.txt') return { answer: text('User-agent: *\nDisallow:\n') };
  if (path === '/_simulator') return { answer: json(200, status(exchange)) };
  const parameters = new URLSearchParams(query);
  const subject = find(exchange, path, parameters);
  if (!subject) return { answer: html(404, NOT_FOUND_PAGE) };
  if (subject.cookies && !hasHomeCookies(headers.cookie)) return { answer: html(401, UNAUTHORISED_PAGE) };
  const asked = parameters.get('fault') ?? headers[FAULT_HEADER];
  const { answer, fault } = await dataAnswer(exchange.plan, subject, Array.isArray(asked) ? asked[0] : asked);
  const sent = await encoded(answer, path, headers['accept-encoding']);
  return { answer: sent, ...(fault ? { fault } : {}) };
}

function find({ files, routes }: Exchange, path: string, query: URLSearchParams): Subject | undefined {
  const file = readPublishedPath(path);
  if (file) return fileSubject(file, files);
  for (const route of routes) {
    const subject = route(path, query);
    if (subject) return subject;
  }
  return undefined;
}

async function dataAnswer(plan: FaultPlan, subject: Subject, asked: string | undefined): Promise<Decision> {
  const rule = asked === undefined ? undefined : ownFault(asked);
  const fault = rule && fits(rule, subject) ? rule : plan.take(subject);
  if (fault) return { answer: await faultyAnswer(fault, subject), fault };
  return { answer: subject.exists ? await subjectAnswer(subject) : html(404, NOT_FOUND_PAGE) };
}

function ownFault(text: string): FaultRule {
  const rule = parseFault(text);
  if (rule.times === undefined) return rule;
  throw new ChampionError(`"${text}" counts requests, but a request's own fault is for that request alone`, {
    code: 'INVALID_INPUT',
    hint: 'Leave out " xN".',
  });
}

function status({ seed, files, plan, requests }: Exchange): Record<string, unknown> {
  return { seed, mode: files.mode, ...files.describe(), faults: plan.describe(), requests };
}

const text = (body: string): Answer => ({ status: 200, type: 'text/plain; charset=utf-8', body: Buffer.from(body) });

const json = (code: number, value: unknown): Answer => ({
  status: code,
  type: 'application/json',
  body: Buffer.from(`${JSON.stringify(value, null, 2)}\n`),
});

function checkNumbers(port: number, seed: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ChampionError(`${port} is not a port`, { code: 'INVALID_INPUT', hint: 'Use 0 for any free port.' });
  }
  if (!Number.isSafeInteger(seed)) {
    throw new ChampionError(`${seed} is not a seed`, { code: 'INVALID_INPUT', hint: 'Use a whole number.' });
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new ChampionError(
      taken ? `port ${port} is already in use` : `cannot listen on ${host}:${port}`,
      taken
        ? {
            code: 'BUSY',
            hint: `Try port ${port === 65_535 ? port - 1 : port + 1}, or 0 for any free one.`,
            context: { port },
            cause,
          }
        : { code: 'CONFIG', hint: 'Use 0 for any free port.', context: { host, port }, cause },
    );
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Already closed counts as closed: the error says only that it was not listening.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
