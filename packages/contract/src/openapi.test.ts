import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { routes } from './routes.ts';

const document = openApiDocument({ version: '1.2.3' });
const text = JSON.stringify(document);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(text))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every operation once', () => {
    const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    expect(ids.sort()).toEqual(Object.keys(routes).sort());
  });

  it('refers only to components that it has, and needs each of them', () => {
    const { schemas } = document.components as { schemas: Record<string, unknown> };
    const used = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref));
    expect([...used].sort()).toEqual(
      Object.keys(schemas)
        .map((name) => `#/components/schemas/${name}`)
        .sort(),
    );
    expect(text).not.toContain('$defs');
  });

  it('says what a run is, how one is started and what may go wrong', () => {
    const paths = document.paths as Record<string, Record<string, unknown>>;
    expect(paths['/flows/{name}/run']?.post).toMatchObject({
      operationId: 'runFlow',
      parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
      requestBody: {
        required: false,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/FlowRunRequest' } } },
      },
      responses: {
        201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/FlowRun' } } } },
        default: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      },
    });
    expect(paths['/flow_runs']?.get).toMatchObject({
      parameters: expect.arrayContaining([
        {
          name: 'limit',
          in: 'query',
          required: false,
          schema: { type: 'integer', minimum: 1, maximum: 200, default: 20 },
        },
      ]),
      responses: { 200: { content: { 'application/json': { schema: { type: 'array' } } } } },
    });
    expect(paths['/deployments/{id}']).toHaveProperty('delete');
    expect(JSON.stringify(paths['/events'])).toContain('text/event-stream');
  });
});
