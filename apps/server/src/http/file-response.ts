import type { FileAnswer } from '@champion/contract';
import type { Context } from 'hono';

/** A file to be saved, and never to be shown or run by a browser in the app's own name. */
export function fileResponse(c: Context, { fileName, mediaType, bytes, content }: FileAnswer): Response {
  c.header('content-type', mediaType);
  c.header('content-disposition', `attachment; filename="${fileName.replace(/[^\w.=-]/g, '_')}"`);
  if (bytes !== null) c.header('content-length', String(bytes));
  return c.body(content);
}
