import { ChampionError, closest } from '@champion/core';

/** What a template can name. */
export const PLACEHOLDERS = ['flow', 'run', 'state', 'message', 'duration', 'url', 'deployment', 'rule'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];
export type Values = Readonly<Record<Placeholder, string>>;

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/**
 * Checks a template: text with placeholders such as {{flow}}. There is nothing else in the language, so that it can
 * neither fail nor run when it is filled in.
 * @throws ChampionError INVALID_INPUT for an unknown placeholder or braces that belong to none
 */
export function checkTemplate(template: string): void {
  for (const [whole, inner = ''] of template.matchAll(PLACEHOLDER)) {
    const name = inner.trim();
    if (isPlaceholder(name)) continue;
    const meant = closest(name, PLACEHOLDERS);
    throw new ChampionError(`The template names ${whole}, which is not known`, {
      code: 'INVALID_INPUT',
      hint: meant === undefined ? KNOWN : `Did you mean {{${meant}}}? ${KNOWN}`,
      context: { placeholder: name },
    });
  }
  const loose = template.replace(PLACEHOLDER, '').match(/\{\{|\}\}/);
  if (loose === null) return;
  throw new ChampionError(`The template has ${loose[0]} that belongs to no placeholder`, {
    code: 'INVALID_INPUT',
    hint: KNOWN,
  });
}

/** Fills in a checked template. What stands in a value is text: it is not looked at for placeholders again. */
export function render(template: string, values: Values, clean: (value: string) => string): string {
  return template.replace(PLACEHOLDER, (whole, inner: string) => {
    const name = inner.trim();
    return isPlaceholder(name) ? clean(values[name]) : whole;
  });
}

const KNOWN = `Placeholders are ${PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ')}.`;

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name);
}
