import { API_PREFIX } from '@champion/contract';
import type { Parts } from '../parts.ts';
import { escapeHtml, page } from './html.ts';

/** What stands at / while there is no web app. */
export function landingPage({ version }: Pick<Parts, 'version'>): string {
  const links = [
    [`${API_PREFIX}/docs`, 'The API, route by route'],
    [`${API_PREFIX}/openapi.json`, 'The same for programs (OpenAPI 3.1)'],
    [`${API_PREFIX}/flow_runs?limit=10`, 'The latest runs'],
    [`${API_PREFIX}/datasets`, 'Datasets: what is loaded, how fresh it is'],
    [`${API_PREFIX}/workers`, 'Workers'],
    [`${API_PREFIX}/system`, 'What runs here, and with what'],
  ] as const;
  const rows = links.map(
    ([path, what]) => `<tr><td><a href="${path}"><code>${path}</code></a></td><td>${what}</td></tr>`,
  );
  return page(
    'Champion',
    `<main>
<h1>Champion ${escapeHtml(version)}</h1>
<p class="soft">Market data of the National Stock Exchange of India. The server runs; the web app is not built
(<code>npm run build</code>).</p>
<table>${rows.join('')}</table>
<h4>From a terminal</h4>
<pre>champion flow-run ls
champion deployment ls
champion --help</pre>
</main>`,
  );
}
