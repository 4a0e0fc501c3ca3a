/** Everything that generated code calls, by the names it calls it by. */
import { objectOf } from '../interpret/term-facts.ts';
import { canonicalKey } from '../value/compare.ts';
import { ObjectBuilder } from '../value/object.ts';
import { RegoSet, SetBuilder } from '../value/set.ts';
import * as access from './runtime-access.ts';
import * as calls from './runtime-calls.ts';
import * as rules from './runtime-rules.ts';
import { type CompiledWorld, NO_VALUE } from './world.ts';

/** What a function remembers its result by. One that stands for a function of fewer arguments, by a `with`, is not given its last ones. */
function memoKey(w: CompiledWorld, args: readonly unknown[]): string {
  const given = args.filter((arg) => arg !== undefined);
  return canonicalKey(given.map((arg) => access.box(w, arg)));
}

/** Handed to the code as `R`. */
export const RUNTIME = {
  ...access,
  ...calls,
  ...rules,
  objectOf,
  ObjectBuilder,
  SetBuilder,
  RegoSet,
  NO_VALUE,
  memoKey,
};
