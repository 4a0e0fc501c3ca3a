/**
 * The facts of texts seen lately, least recently used first out, bounded by entries and by characters. Facts are purely
 * syntactic, so they hold for any session of the same server version; decisions are never kept here.
 */
import type { SqlFacts } from './facts.ts';

export interface CacheLimits {
  readonly entries: number;
  /** Characters of text over all entries; facts are bounded by their text. */
  readonly characters: number;
}

export interface FactsCache {
  get(text: string): SqlFacts | undefined;
  put(text: string, facts: SqlFacts): void;
  readonly size: number;
}

export function createFactsCache(limits: CacheLimits): FactsCache {
  const entries = new Map<string, SqlFacts>();
  let characters = 0;
  const remove = (text: string): void => {
    if (entries.delete(text)) characters -= text.length;
  };
  return {
    get size() {
      return entries.size;
    },
    get(text) {
      const facts = entries.get(text);
      if (facts === undefined) return undefined;
      entries.delete(text);
      entries.set(text, facts);
      return facts;
    },
    put(text, facts) {
      if (text.length > limits.characters) return;
      remove(text);
      entries.set(text, facts);
      characters += text.length;
      for (const oldest of entries.keys()) {
        if (entries.size <= limits.entries && characters <= limits.characters) break;
        remove(oldest);
      }
    },
  };
}
