/**
 * The half of this package that needs the schemas: the route table, the binding of handlers to it, the check of requests
 * and the OpenAPI document. Loaded apart, because a client has no need of it and zod with some hundred schemas takes
 * several times as long to load as the client does.
 */
export function loadServerSide(): Promise<typeof import('./server-side.ts')> {
  return import('./server-side.ts');
}
