export { bindHandlers } from './bind.ts';
export { parseRequest } from './input.ts';
export { openApiDocument } from './openapi.ts';
export { routes } from './routes.ts';
