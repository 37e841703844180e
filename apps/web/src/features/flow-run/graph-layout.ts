/** A node of a graph with those that it waits for. */
export interface LayerNode {
  readonly id: string;
  readonly parents: readonly string[];
}

/** Where a node stands: its layer from the left, and its place from the top. */
export interface Placed {
  readonly id: string;
  readonly layer: number;
  readonly place: number;
}

/** Passes over the layers in which their nodes are ordered by their neighbours. */
const SWEEPS = 4;

/**
 * Lays nodes out in layers from left to right: each stands right of all that it waits for, and near to them. Parents that
 * are not among the nodes, and edges that would lead back, do not count.
 */
export function layered(nodes: readonly LayerNode[]): Placed[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const layerOf = new Map<string, number>();
  for (const node of nodes) assign(node.id, known, layerOf);
  const layers: string[][] = [];
  for (const node of nodes) {
    const layer = layerOf.get(node.id) ?? 0;
    layers[layer] ??= [];
    layers[layer].push(node.id);
  }
  const parents = new Map(nodes.map((node) => [node.id, node.parents.filter((id) => known.has(id))]));
  const children = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const [id, above] of parents) for (const parent of above) children.get(parent)?.push(id);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forwards = sweep % 2 === 0;
    const neighbours = forwards ? parents : children;
    const places = new Map(layers.flatMap((layer) => layer.map((id, place) => [id, place] as const)));
    for (const layer of forwards ? layers : layers.toReversed()) {
      const centre = new Map(layer.map((id, place) => [id, meanOf(neighbours.get(id) ?? [], places) ?? place]));
      layer.sort((a, b) => (centre.get(a) ?? 0) - (centre.get(b) ?? 0));
      for (const [place, id] of layer.entries()) places.set(id, place);
    }
  }
  const tallest = Math.max(0, ...layers.map((layer) => layer.length));
  return layers.flatMap((layer, at) =>
    // Short layers stand in the middle.
    layer.map((id, place) => ({ id, layer: at, place: place + (tallest - layer.length) / 2 })),
  );
}

/** One more than the deepest of its parents. Without recursion: a chain of a thousand tasks is an ordinary run. */
function assign(start: string, known: ReadonlyMap<string, LayerNode>, layerOf: Map<string, number>) {
  const stack = [start];
  const entered = new Set<string>();
  while (stack.length > 0) {
    const id = stack.at(-1) ?? '';
    if (layerOf.has(id)) {
      stack.pop();
      continue;
    }
    const parents = (known.get(id)?.parents ?? []).filter((parent) => known.has(parent));
    const waiting = parents.filter((parent) => !layerOf.has(parent) && !entered.has(parent));
    entered.add(id);
    if (waiting.length > 0) stack.push(...waiting);
    else {
      layerOf.set(id, Math.max(-1, ...parents.map((parent) => layerOf.get(parent) ?? -1)) + 1);
      stack.pop();
    }
  }
}

function meanOf(ids: readonly string[], places: ReadonlyMap<string, number>): number | undefined {
  if (ids.length === 0) return undefined;
  return ids.reduce((sum, id) => sum + (places.get(id) ?? 0), 0) / ids.length;
}

/** Width and height, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Layers follow each other from left to right, or from top to bottom. */
export type Direction = 'right' | 'down';

/** Pixels between boxes: along the direction, where edges run, and across it. */
export const GAPS: Readonly<Record<Direction, { readonly along: number; readonly across: number }>> = {
  right: { along: 56, across: 18 },
  down: { along: 40, across: 20 },
};

/** What the boxes take. */
export function sizeOf(places: readonly Placed[], box: Size, direction: Direction): Size {
  const layers = Math.max(0, ...places.map(({ layer }) => layer)) + 1;
  const deep = Math.max(0, ...places.map(({ place }) => place)) + 1;
  const { along, across } = GAPS[direction];
  const [columns, rows] = direction === 'right' ? [layers, deep] : [deep, layers];
  const [beside, below] = direction === 'right' ? [along, across] : [across, along];
  return { width: columns * (box.width + beside) - beside, height: rows * (box.height + below) - below };
}

/** From left to right where it can be read so; downwards where that is larger, as on a phone. */
export function directionFor(places: readonly Placed[], box: Size, room: Size | undefined): Direction {
  if (room === undefined) return 'right';
  const zoom = (direction: Direction) => {
    const { width, height } = sizeOf(places, box, direction);
    return Math.min(1, room.width / width, room.height / height);
  };
  return zoom('down') > zoom('right') * 1.2 ? 'down' : 'right';
}
