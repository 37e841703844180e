/** What a search can speak of. An attribute is a fact of the run or experiment itself. */
export type Field =
  | { readonly entity: 'metric' | 'param' | 'tag'; readonly key: string }
  | { readonly entity: 'attribute'; readonly key: string; readonly kind: 'string' | 'number' };

type Entity = Field['entity'];

/** The words of one search: which entities and attributes there are, under which names. */
export interface Vocabulary {
  /** Every accepted prefix, in lower case, with what it means. */
  readonly entities: ReadonlyMap<string, Entity>;
  /** Every accepted attribute name with its field. */
  readonly attributes: ReadonlyMap<string, Field & { readonly entity: 'attribute' }>;
  /** Attributes that can be compared with a list. */
  readonly listed: ReadonlySet<string>;
}

const RUN_PREFIXES: Readonly<Record<Entity, readonly string[]>> = {
  metric: ['metric', 'metrics'],
  param: ['param', 'params', 'parameter', 'parameters'],
  tag: ['tag', 'tags'],
  attribute: ['attribute', 'attributes', 'attr', 'run'],
};

export const RUN_WORDS: Vocabulary = {
  entities: prefixes(RUN_PREFIXES),
  attributes: attributes({
    string: { run_id: [], run_name: ['run name', 'Run name', 'Run Name'], user_id: [], status: [], artifact_uri: [] },
    // MLflow has no word for the time a run took, which its own pages cannot sort by; here it is an attribute.
    number: { start_time: ['created', 'Created'], end_time: [], duration: [] },
  }),
  listed: new Set(['run_id']),
};

export const EXPERIMENT_WORDS: Vocabulary = {
  entities: prefixes({ tag: RUN_PREFIXES.tag, attribute: ['attribute', 'attributes', 'attr'] }),
  attributes: attributes({
    string: { name: [], experiment_id: [] },
    number: { creation_time: [], last_update_time: [] },
  }),
  listed: new Set(['experiment_id']),
};

function prefixes(names: Partial<Readonly<Record<Entity, readonly string[]>>>): Map<string, Entity> {
  const all = new Map<string, Entity>();
  for (const [entity, words] of Object.entries(names)) {
    for (const word of words) all.set(word, entity as Entity);
  }
  return all;
}

function attributes(kinds: Readonly<Record<'string' | 'number', Readonly<Record<string, readonly string[]>>>>) {
  const all = new Map<string, Field & { readonly entity: 'attribute' }>();
  for (const kind of ['string', 'number'] as const) {
    for (const [key, aliases] of Object.entries(kinds[kind])) {
      for (const name of [key, ...aliases]) all.set(name, { entity: 'attribute', key, kind });
    }
  }
  return all;
}
