/**
 * The policy that decisions are measured with, as data: rules keyed by the name of a table (or path), with a verb and a group, of all
 * four sorts. Every contender makes its own form of the same rules.
 */

export type RuleEffect = 'allow' | 'block' | 'require_approval' | 'mask';

/**
 * `sql`: as policies are written, over statements and their tables. `http`: over single fields of the input, which OPA indexes too.
 * `fresh`: as `sql`, with reasons that hold text of the input, so that no result can be one made before.
 */
export type Shape = 'sql' | 'http' | 'fresh';

export interface KeyedRule {
  readonly id: number;
  readonly effect: RuleEffect;
  readonly verb: string;
  /** Name of a table, or path of a request. */
  readonly key: string;
  readonly group: string;
}

export const VERBS: Readonly<Record<Shape, readonly string[]>> = {
  sql: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  fresh: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  http: ['GET', 'POST', 'PUT', 'DELETE'],
};
export const GROUPS: readonly string[] = Array.from({ length: 8 }, (_, at) => `team-${at}`);

/** Rules that share one key. */
const RULES_PER_KEY = 8;
const KEY_DIGITS = 5;
/** Sorts of rules in the order they take turns. */
const EFFECTS: readonly RuleEffect[] = [
  'allow',
  'block',
  'allow',
  'mask',
  'allow',
  'require_approval',
  'allow',
  'mask',
  'block',
  'require_approval',
];

/** How many keys so many rules have. */
export function keyCount(rules: number): number {
  return Math.ceil(rules / RULES_PER_KEY);
}

/** Of one length at every size: growth is to be that of the policy, not of its names. */
export function keyOf(shape: Shape, at: number): string {
  const digits = String(at).padStart(KEY_DIGITS, '0');
  return shape === 'http' ? `/accounts/${digits}` : `accounts_${digits}`;
}

/** The same rules for the same arguments. */
export function keyedRules(shape: Shape, count: number): readonly KeyedRule[] {
  const random = numbersFrom(count);
  const verbs = VERBS[shape];
  return Array.from({ length: count }, (_, id) => ({
    id,
    effect: EFFECTS[id % EFFECTS.length] ?? 'block',
    verb: verbs[random(verbs.length)] ?? '',
    key: keyOf(shape, id % keyCount(count)),
    group: GROUPS[random(GROUPS.length)] ?? '',
  }));
}

/** Integers below a bound, the same for the same seed. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return (below) => {
    // A linear congruence (Numerical Recipes); its high bits are random enough for choosing.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
