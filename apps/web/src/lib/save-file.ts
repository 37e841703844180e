import type { FileAnswer } from '@champion/contract';

/** Reads a file to its end and has the browser save it. @returns its size in bytes */
export async function saveFile({ fileName, mediaType, content }: FileAnswer): Promise<number> {
  const bytes = await new Response(content).blob();
  saveBlob(fileName, new Blob([bytes], { type: mediaType }));
  return bytes.size;
}

export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
