import type { Hono } from 'hono';
import { refusal } from '../refusal.ts';

/**
 * Artifacts are not kept here, what Champion produces lies in its lake. Clients that list a run's find none; one that
 * brings or fetches a file is told so rather than left with a missing page.
 */
export function artifactRoutes(app: Hono, prefix: string): void {
  app.get(`${prefix}/mlflow-artifacts/artifacts`, (c) => c.json({ files: [] }));
  app.all(`${prefix}/mlflow-artifacts/*`, () => {
    throw refusal(
      'NOT_IMPLEMENTED',
      'This tracking server keeps no artifacts',
      'Keep the file elsewhere and log where it is as a tag, or give the experiment an artifact_location of its own.',
    );
  });
}
