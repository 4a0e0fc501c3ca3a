/** Makes indexes of large base data before anything is decided, so that no decision waits for them. */
import type { BuiltinCaches } from '../builtins/context.ts';
import { member } from '../interpret/input-document.ts';
import type { DataSearch } from '../plan/data-searches.ts';
import type { Value } from '../value/value.ts';
import { findByMember } from './member-index.ts';

/** Indexes what code will look up; collections that are gone through as quickly are left. */
export function prepareData(
  { indexes }: Pick<BuiltinCaches, 'indexes'>,
  data: Value,
  searches: readonly DataSearch[],
): void {
  for (const { names, path } of searches) {
    const collection = names.reduce<Value | undefined>(member, data);
    // What is sought does not matter: the index is made by seeking.
    if (collection !== undefined) findByMember(indexes, collection, path, null);
  }
}
