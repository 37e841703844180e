import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Client } from './client/client.ts';
import type { Route } from './route.ts';
import {
  type Answer,
  type Handlers,
  type HandlersOf,
  type Input,
  type OperationId,
  type Output,
  routes,
} from './routes.ts';
import type { Deployment, Flow, RunEvent } from './types.ts';

const table = Object.entries<Route>(routes);

describe('the route table', () => {
  it.each(table)(
    '%s has a field for each parameter of its path, and a place of its own',
    (_, { path, params, method }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(params?.shape ?? {}).sort()).toEqual(inPath.sort());
      expect(path).toMatch(/^(\/[\w-]+|\/\{\w+\})+$/);
      const place = (route: Route) => `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`;
      expect(table.filter(([, other]) => place(other) === `${method} ${path.replace(/\{\w+\}/g, '{}')}`)).toHaveLength(
        1,
      );
    },
  );

  it('has fixed paths before those with a parameter in the same place', () => {
    for (const [index, [operationId, route]] of table.entries()) {
      const pattern = new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/{}]+')}$`);
      const hidden = table
        .slice(index + 1)
        .filter(([, { method, path }]) => method === route.method && pattern.test(path));
      expect(hidden, `never reached because of ${operationId}`).toEqual([]);
    }
  });

  it('gives no body to GET and DELETE, and a stream only to GET', () => {
    for (const [, { method, body, stream }] of table) {
      if (method === 'GET' || method === 'DELETE') expect(body).toBeUndefined();
      if (stream) expect(method).toBe('GET');
    }
  });
});

describe('its types', () => {
  it('say what a handler gets and gives', () => {
    expectTypeOf<Input<'readFlow'>>().toMatchTypeOf<{ params: { id: string }; signal: AbortSignal }>();
    expectTypeOf<Input<'listFlowRuns'>['query']['limit']>().toEqualTypeOf<number>();
    expectTypeOf<Output<'updateSchedule'>>().toEqualTypeOf<void>();
    expectTypeOf<Output<'countFlows'>>().toEqualTypeOf<number>();
    expectTypeOf<Output<'createFlow'>['status']>().toEqualTypeOf<200 | 201>();
    expectTypeOf<readonly Deployment[]>().toExtend<Output<'filterDeployments'>>();
    expectTypeOf<Answer<'createFlow'>>().toEqualTypeOf<Flow>();
  });

  it('make a forgotten handler an error', () => {
    const partial = {} as Omit<Handlers, 'readHealth'>;
    // @ts-expect-error readHealth is missing
    const whole: Handlers = partial;
    expect(whole).toBe(partial);
    expectTypeOf<keyof HandlersOf<'market'>>().toEqualTypeOf<'readCalendar' | 'readToday'>();
    expectTypeOf<keyof Handlers>().toEqualTypeOf<OperationId>();
  });

  it('say what a client sends and gets', () => {
    const use = async (client: Client) => {
      expectTypeOf(await client.filterFlows()).toEqualTypeOf<Flow[]>();
      expectTypeOf(await client.deleteDeployment({ params: { id: '' } })).toEqualTypeOf<undefined>();
      for await (const event of client.streamEvents()) expectTypeOf(event).toEqualTypeOf<RunEvent>();
      // @ts-expect-error it needs to know which
      await client.readFlow();
      // @ts-expect-error there is no such field
      await client.filterFlows({ body: { limits: 5 } });
    };
    expect(use).toBeInstanceOf(Function);
  });
});
