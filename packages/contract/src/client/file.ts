import type { FileAnswer } from '../route.ts';

/** A response whose body is a file. */
export function fileOf(response: Response): FileAnswer {
  const length = response.headers.get('content-length');
  return {
    fileName: nameIn(response.headers.get('content-disposition') ?? '') ?? 'download',
    mediaType: response.headers.get('content-type') ?? 'application/octet-stream',
    bytes: length === null ? null : Number(length),
    content: response.body === null ? new Blob([]).stream() : response.body,
  };
}

/** A server may say anything: what comes out is one name in a folder of the reader's choice, and no path. */
function nameIn(disposition: string): string | undefined {
  const name = /filename="([^"]*)"/.exec(disposition)?.[1]?.split(/[/\\]/).at(-1);
  return name === undefined || /^\.*$/.test(name) ? undefined : name;
}
