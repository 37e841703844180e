import { dealsRoute } from '../deals/routes.ts';
import { indexRoutes } from '../indices/routes.ts';
import { mastersRoute } from '../masters/routes.ts';
import { noticesRoute } from '../notices/routes.ts';
import { optionRoutes } from '../options/routes.ts';
import type { GeneratedFilesOptions } from './generated-files.ts';
import type { Route } from './subject.ts';

/** Everything that a made-up exchange serves beside the dated archives' files, each part by a route of its own. */
export function generatedRoutes(market: GeneratedFilesOptions): Route[] {
  return [mastersRoute(market), dealsRoute(market), noticesRoute(market), indexRoutes(market), optionRoutes(market)];
}
