/** How well a text answers a query: 0 not at all; words that begin with it count most. */
export function score(text: string, query: string): number {
  const haystack = text.toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = haystack.indexOf(word);
    if (at < 0) return 0;
    const begins = at === 0 || /[^a-z0-9]/.test(haystack[at - 1] ?? '');
    total += begins ? 2 : 1;
  }
  return total === 0 ? 1 : total;
}
