import { z } from 'zod';
import type { Route } from './route.ts';
import { TAGS } from './route.ts';
import { routes } from './routes.ts';
import { Problem } from './schemas/problem.ts';
import { API_PREFIX } from './words.ts';

type Json = Record<string, unknown>;
type Direction = 'input' | 'output';

/**
 * The OpenAPI 3.1 document of the route table. Schemas with an id become components.
 * @param version of the server
 */
export function openApiDocument({ version }: { readonly version: string }): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path] ?? {}, { [route.method.toLowerCase()]: operation(operationId, route, schemas) });
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Champion',
      version,
      summary: 'Market data of the National Stock Exchange of India: runs, schedules, datasets',
      description:
        "Prefect's clients work with this API as they are. Instants are ISO 8601 with their zone, business dates YYYY-MM-DD, exact numbers text.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PREFIX }],
    // A key is needed only where the server has one.
    security: [{}, { key: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: "The server's CHAMPION_API_KEY" } },
    },
  };
}

function operation(operationId: string, route: Route, schemas: Json): Json {
  const { summary, tag, params, query, body, stream } = route;
  const parameters = [...parametersOf('path', params, schemas), ...parametersOf('query', query, schemas)];
  if (stream) {
    parameters.push({
      name: 'Last-Event-ID',
      in: 'header',
      schema: { type: 'string' },
      description: 'The id of the last event that the client has: the stream goes on after it',
    });
  }
  return {
    operationId,
    summary,
    tags: [tag],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse({}).success,
            content: json(jsonSchema(body, 'input', schemas)),
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, schema]) => [status, response(status, schema, route, schemas)]),
      ),
      default: {
        description: 'What went wrong, and what to do',
        content: json(jsonSchema(Problem, 'output', schemas)),
      },
    },
  };
}

function response(status: string, schema: z.ZodType | null, { stream, file }: Route, schemas: Json): Json {
  if (stream) {
    return {
      description: 'Server-sent events; the data of each is JSON of this schema. An event named "end" ends the stream',
      content: { 'text/event-stream': { schema: jsonSchema(stream, 'output', schemas) } },
    };
  }
  if (file) {
    return {
      description: 'The bytes of a file; Content-Disposition has its name',
      content: Object.fromEntries(file.map((type) => [type, {}])),
    };
  }
  const description = DESCRIPTIONS[status] ?? 'Done';
  return schema === null ? { description } : { description, content: json(jsonSchema(schema, 'output', schemas)) };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  201: 'Made',
  202: 'Accepted',
  204: 'Done; nothing to say',
  422: 'Always',
};

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined, schemas: Json): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
    ...(property.type === 'array' ? { style: 'form', explode: false } : {}),
  }));
}

/** The JSON Schema of one schema; those with an id that it is made of go to `schemas`, and it refers to them. */
function jsonSchema(schema: z.ZodType, io: Direction, schemas: Json): Json {
  // Inside an object the schema is a reference like any other when it has an id.
  const wrapped = z.toJSONSchema(z.object({ it: schema }), { io, override: tidy }) as Json;
  const { $defs = {}, properties } = wrapped as { $defs?: Record<string, Json>; properties: { it: Json } };
  for (const [name, { id: _, ...definition }] of Object.entries($defs)) {
    const component = withComponentRefs(definition);
    const known = schemas[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
      throw new Error(`${name} differs between requests and responses: give the request a schema of its own`);
    }
    schemas[name] = component;
  }
  return withComponentRefs(properties.it) as Json;
}

/** What zod says of every object and integer, and nobody needs to read. */
function tidy({ jsonSchema: schema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

function withComponentRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponentRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string'
        ? [key, inner.replace('#/$defs/', '#/components/schemas/')]
        : [key, withComponentRefs(inner)],
    ),
  );
}
