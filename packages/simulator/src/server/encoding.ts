import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Answer } from './answer.ts';

const compress = promisify(brotliCompress);
/** The default takes seconds for a year of deals. */
const QUALITY = 4;

/** The answer as the site sends it to a client that accepts brotli; the archives send their files as they are. */
export async function encoded(answer: Answer, path: string, accepted: string | undefined): Promise<Answer> {
  if (!path.startsWith('/api/') || answer.status !== 200 || !/\bbr\b/.test(accepted ?? '')) return answer;
  const body = await compress(answer.body, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });
  return { ...answer, body, headers: { ...answer.headers, 'content-encoding': 'br', vary: 'Accept-Encoding' } };
}
