const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A page that needs nothing but itself. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const STYLE = `
:root { --text: #1c2330; --soft: #5c6675; --line: #d9dee6; --panel: #f5f7fa; --page: #fff; --accent: #0b6bcb;
  --get: #0b6bcb; --post: #1d7f46; --patch: #9a6200; --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ee; --soft: #9aa5b4; --line: #333b47; --panel: #1b212a;
  --page: #12161c; --accent: #6cb2ff; --get: #6cb2ff; --post: #5fd08a; --patch: #e6b450; --delete: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, sans-serif; }
a { color: var(--accent); }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .25rem; padding-top: .5rem; border-top: 1px solid var(--line); }
h4 { margin: .75rem 0 .25rem; font-size: .85rem; color: var(--soft); font-weight: 600; }
p { margin: .25rem 0; }
.soft { color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; }
details:target { border-color: var(--accent); }
summary { display: flex; gap: .75rem; align-items: baseline; flex-wrap: wrap; padding: .45rem .75rem; cursor: pointer; }
summary:hover { background: var(--panel); }
summary::-webkit-details-marker { display: none; }
details > div { padding: 0 .75rem .75rem; overflow-x: auto; }
code, pre { font: .86em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { margin: .25rem 0; padding: .6rem .75rem; background: var(--panel); border-radius: .3rem; overflow-x: auto; }
.method { font: 600 .78em ui-monospace, Menlo, Consolas, monospace; min-width: 3.6rem; }
.get { color: var(--get); } .post { color: var(--post); } .patch { color: var(--patch); } .delete { color: var(--delete); }
table { border-collapse: collapse; }
td, th { text-align: left; padding: .15rem 1.25rem .15rem 0; vertical-align: top; }
th { font-weight: 600; color: var(--soft); }
`;
