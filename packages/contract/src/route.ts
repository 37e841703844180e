import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What a documentation page groups routes by. */
export const TAGS = {
  admin: 'The server itself',
  flows: 'Programs of tasks',
  deployments: 'Flows with schedules, default parameters and a work queue',
  'flow runs': 'Executions of flows: look, start, end, repeat',
  'task runs': 'Tasks within flow runs',
  logs: "Lines of runs' logs",
  work: 'Work pools, work queues and workers',
  events: 'What happens, as it happens',
  data: 'Datasets, what is loaded of them and how good it is',
  market: "The exchange's calendar",
  blocks: 'Typed configuration and secrets',
  notifications: 'Alerts: rules, targets, and what became of each',
  artifacts: 'What runs leave to be read, and how they compare with others',
  charts: 'Aggregates that charts are drawn from',
  automations: "What Prefect's clients ask about automations; there are none",
} as const;
export type Tag = keyof typeof TAGS;

/** A route, declared once. The key it has in the table is its operation id. */
export interface Route {
  readonly method: Method;
  /** Below /api, parameters in braces: "/flow_runs/{id}". The server takes it with a slash at its end as well. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: Tag;
  /** One field for each parameter of the path. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** JSON. A request without one counts as {}. */
  readonly body?: z.ZodType;
  /** The body holds secrets: no text of it is said back, not even in a complaint about it. */
  readonly secretBody?: true;
  /** What a handler answers, by status; null: no body. Errors are thrown. */
  readonly responses: Readonly<Record<number, z.ZodType | null>>;
  /** The data of each server-sent event; the response is then a stream that ends when the client goes. */
  readonly stream?: z.ZodType;
  /** The media types that a file may have, of which the response of the one status is the bytes. */
  readonly file?: readonly [string, ...string[]];
}

/** A file on its way: its name, and its bytes as they come. */
export interface FileAnswer {
  /** Without a path; to be saved under. */
  readonly fileName: string;
  readonly mediaType: string;
  /** Null where it is not known before the end. */
  readonly bytes: number | null;
  readonly content: ReadableStream<Uint8Array>;
}

export type RouteTable = Readonly<Record<string, Route>>;

/** What a handler may give back: arrays and objects that it does not give up to be changed. */
type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

type BodyOf<S> = S extends z.ZodType ? Immutable<z.input<S>> : undefined;

/** One status and its body. */
type ReplyOf<Responses> = {
  [S in keyof Responses & number]: { readonly status: S; readonly body: BodyOf<Responses[S]> };
}[keyof Responses & number];

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;

type ParsedPart<R, Part extends string> =
  R extends Record<Part, infer S extends z.ZodType> ? { readonly [K in Part]: z.output<S> } : unknown;

/** What a handler is given: params, query and body where the route has them, checked and typed. */
export type InputOf<R> = ParsedPart<R, 'params'> &
  ParsedPart<R, 'query'> &
  ParsedPart<R, 'body'> & {
    /** Aborts when the client goes away. */
    readonly signal: AbortSignal;
  } & (R extends { stream: z.ZodType }
    ? { /** The last event that the client has. */ readonly lastEventId: string | undefined }
    : unknown);

/** An event of a stream; the client that reconnects says the `id` of the last one it got. */
export interface StreamItem<T> {
  readonly id?: string;
  readonly data: T;
}

/**
 * What a handler gives back: the body; undefined where there is none; { status, body } where the route has more than one
 * status; an async iterable where it streams.
 */
export type OutputOf<R extends Route> = R extends { stream: infer S extends z.ZodType }
  ? AsyncIterable<StreamItem<Immutable<z.input<S>>>>
  : R extends { file: readonly string[] }
    ? FileAnswer
    : IsUnion<keyof R['responses'] & number> extends true
      ? ReplyOf<R['responses']>
      : // Nothing to give back: an async function without a return does.
        R['responses'][keyof R['responses'] & number] extends null
        ? // biome-ignore lint/suspicious/noConfusingVoidType: it is what such a function returns
          void
        : ReplyOf<R['responses']>['body'];

export type Handler<R extends Route> = (input: InputOf<R>) => OutputOf<R> | Promise<OutputOf<R>>;

/** Whether nothing in it is required. */
type AllOptional<T> = Record<never, never> extends T ? true : false;

type SentPart<R, Part extends string> =
  R extends Record<Part, infer S extends z.ZodType>
    ? AllOptional<z.input<S>> extends true
      ? { readonly [K in Part]?: z.input<S> }
      : { readonly [K in Part]: z.input<S> }
    : unknown;

/** What a client sends. */
export type RequestOf<R> = SentPart<R, 'params'> &
  SentPart<R, 'query'> &
  SentPart<R, 'body'> & { readonly signal?: AbortSignal | undefined };

/** What a client gets: the body, whatever the status of success was. */
export type AnswerOf<R extends Route> = R extends { file: readonly string[] }
  ? FileAnswer
  : {
      [S in keyof R['responses']]: R['responses'][S] extends z.ZodType ? z.output<R['responses'][S]> : undefined;
    }[keyof R['responses'] & number];

/** The data of each event that a client gets of a stream. */
export type EventOf<R> = R extends { stream: infer S extends z.ZodType } ? z.output<S> : never;
