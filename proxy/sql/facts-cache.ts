/**
 * The facts of texts seen lately, bounded by entries and by characters; what was not used for long goes first. Facts are purely
 * syntactic, so they hold for any session of the same server version; decisions are never kept here.
 */
import type { SqlFacts } from './facts.ts';

export interface CacheLimits {
  readonly entries: number;
  /** Characters of text over all entries; facts are bounded by their text. */
  readonly characters: number;
  /** A shorter text is kept when it comes a second time: one with its values in it never does, and would only fill memory. */
  readonly atOnceFrom: number;
}

export interface FactsCache {
  get(text: string): SqlFacts | undefined;
  put(text: string, facts: SqlFacts): void;
}

/**
 * Two generations stand in for exact recency: a Map of which the oldest entry is deleted over and over takes longer and longer
 * to find it. What is asked for moves to the young generation; when that is half of the limit, the old one goes.
 */
export function createFactsCache(limits: CacheLimits): FactsCache {
  let young = new Map<string, SqlFacts>();
  let old = new Map<string, SqlFacts>();
  let characters = 0;
  let seen = new Set<string>();
  const isNew = (text: string): boolean => {
    if (text.length >= limits.atOnceFrom || seen.delete(text)) return false;
    if (seen.size >= limits.entries / 2) seen = new Set();
    seen.add(text);
    return true;
  };
  const put = (text: string, facts: SqlFacts): void => {
    if (text.length > limits.characters / 2) return;
    if (young.size >= limits.entries / 2 || characters + text.length > limits.characters / 2) {
      old = young;
      young = new Map();
      characters = 0;
    }
    if (!young.has(text)) characters += text.length;
    young.set(text, facts);
  };
  return {
    get(text) {
      const fresh = young.get(text);
      if (fresh !== undefined) return fresh;
      const facts = old.get(text);
      if (facts !== undefined) put(text, facts);
      return facts;
    },
    put: (text, facts) => {
      if (!isNew(text)) put(text, facts);
    },
  };
}
