/** Variables with a value, in layers: a closure adds its own over those of the body around it without copying them. */

export interface NameLookup {
  has(name: string): boolean;
}

export interface KnownNames extends NameLookup {
  add(name: string): void;
}

/** An empty layer above `below`. */
export function layerOver(below: NameLookup): KnownNames {
  const own = new Set<string>();
  return {
    has: (name) => own.has(name) || below.has(name),
    add: (name) => {
      own.add(name);
    },
  };
}
