import { API_PREFIX } from '@champion/contract';
import { escapeHtml, page } from './html.ts';
import { shapeOf } from './shape.ts';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Json;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

/** A file's bytes have no schema. */
type Content = Readonly<Record<string, { readonly schema?: Json }>>;

/** The OpenAPI document for people: every route with what it takes and gives, on one page that needs no network. */
export function docsPage(document: Json): string {
  const { info, tags, paths, components } = document as {
    info: { title: string; version: string; description: string };
    tags: { name: string; description: string }[];
    paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>;
    components: { schemas: Record<string, Json> };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => ({ ...operation, method, path })),
  );
  const section = ({ name, description }: { name: string; description: string }): string => {
    const own = operations.filter((operation) => operation.tags.includes(name));
    if (own.length === 0) return '';
    const routes = own.map((operation) => route(operation, components.schemas)).join('\n');
    return `<h2 id="${anchor(name)}">${escapeHtml(name)}</h2>\n<p class="soft">${escapeHtml(description)}</p>\n${routes}`;
  };
  const links = tags.map(({ name }) => `<a href="#${anchor(name)}">${escapeHtml(name)}</a>`).join('\n');
  return page(
    `${info.title} API`,
    `<main>
<h1>${escapeHtml(info.title)} API <span class="soft">${escapeHtml(info.version)}</span></h1>
<p>${escapeHtml(info.description)}</p>
<p class="soft">${operations.length} routes below <code>${API_PREFIX}</code>; for programs: <a href="${API_PREFIX}/openapi.json">openapi.json</a>.
A server with a key wants <code>Authorization: Bearer KEY</code>.</p>
<nav>${links}</nav>
${tags.map(section).join('\n')}
</main>`,
  );
}

function route(operation: Operation, schemas: Readonly<Record<string, Json>>): string {
  const { method, path, operationId, summary, parameters = [], requestBody, responses } = operation;
  const query = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? '' : ', optional'}</td><td><code>${escapeHtml(shapeOf(schema, schemas))}</code></td></tr>`,
  );
  const answers = Object.entries(responses).map(([status, { description, content }]) => {
    const shown = status === 'default' ? 'otherwise' : status;
    return `<h4>${shown}: ${escapeHtml(description)}</h4>${content === undefined ? '' : shape(content, schemas)}`;
  });
  return `<details id="${operationId}"><summary><span class="method ${method}">${method.toUpperCase()}</span><code>${escapeHtml(path)}</code><span class="soft">${escapeHtml(summary)}</span></summary>
<div>${query.length === 0 ? '' : `<h4>Parameters</h4><table>${query.join('')}</table>`}${requestBody === undefined ? '' : `<h4>Body</h4>${shape(requestBody.content, schemas)}`}${answers.join('')}</div></details>`;
}

function shape(content: Content, schemas: Readonly<Record<string, Json>>): string {
  return Object.entries(content)
    .map(([type, { schema }]) => `<pre>${escapeHtml(schema === undefined ? type : shapeOf(schema, schemas))}</pre>`)
    .join('');
}

function anchor(tag: string): string {
  return `tag-${tag.replaceAll(/[^a-z]+/g, '-')}`;
}
