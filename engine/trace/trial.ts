/** What trying one definition by itself comes to: by the interpreter, or by the plan with a watcher. */
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Value } from '../value/value.ts';
import type { Attempt, Stop } from './body-watch.ts';

/** A body with its value, or an `else` branch with its own. */
export interface Trial {
  /** What was bound where it held first; undefined where it does not hold. */
  readonly solution: Attempt | undefined;
  /** Its values as Rego text, the first few. */
  readonly values: readonly string[];
  /**
   * The furthest literal that was tried; behind the last of them where what the head says has no value. Undefined where not even the
   * first was: parameters do not match, or there is no body.
   */
  readonly stop: Stop | undefined;
}

/**
 * Tries the branches of a definition one after the other until one holds. Throws what ends the evaluation; `given` are the arguments of a
 * function, or keys.
 */
export type TryRule = (rule: CheckedRule, given: readonly Value[] | undefined) => readonly Trial[];

/** Values or members of one definition that are shown. */
export const MAX_VALUES = 10;
