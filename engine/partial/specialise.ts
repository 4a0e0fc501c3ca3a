/**
 * Specialisation: a policy set partially evaluated on what is known of the input. What comes out is a policy set like any other, equal to
 * the whole one on every input that has the known values, errors included; only what is left is evaluated.
 *
 * It is for evaluation without strict builtin errors and for the data of the set. Meeting a limit depends on the work done, so
 * a specialised policy may stay below one that the whole would meet. It must not be asked queries with `with` modifiers of their own.
 */
import type { Call } from '../../lang/ast/nodes.ts';
import type { Callee, CheckedModule, CheckedRule } from '../../lang/check/checked.ts';
import { keysBelow, type RuleNode } from '../interpret/rule-tree.ts';
import type { PolicySet } from '../policy-set.ts';
import type { InputPath } from '../reads/input-path.ts';
import { rulesOfDecision } from '../reads/static-reads.ts';
import type { MonotonicClock } from '../run/limits.ts';
import { BindingTimes } from './binding-times.ts';
import { foldBody } from './fold-body.ts';
import { type FoldedRule, foldRule, prints } from './fold-rule.ts';
import { KnownEvaluator } from './known-evaluator.ts';
import type { KnownInput } from './known-input.ts';
import { haveOneConstant, Raising } from './raising.ts';
import { replaceRules } from './residual-set.ts';

/** How much of a policy is left. */
export interface Specialised {
  readonly policySet: PolicySet;
  readonly rules: { readonly before: number; readonly after: number; readonly changed: number };
}

/** Specialises one policy set for any number of inputs that are known at the same paths; what only the paths decide is worked out once. */
export class Specialiser {
  readonly #whole: PolicySet;
  readonly #clock: MonotonicClock | undefined;
  readonly #times: BindingTimes;
  readonly #raising: Raising;
  readonly #paths: readonly InputPath[];
  /** Places with a definition that asks for something known. */
  readonly #places: readonly RuleNode[];
  readonly #foldable: ReadonlySet<CheckedRule>;

  constructor(policySet: PolicySet, paths: readonly InputPath[], clock?: MonotonicClock) {
    this.#whole = policySet;
    this.#clock = clock;
    this.#paths = paths;
    this.#times = new BindingTimes(policySet, paths);
    this.#raising = new Raising(policySet);
    const all = policySet.modules.modules.flatMap(({ rules }) => rules);
    const { callees } = policySet.modules;
    this.#foldable = new Set(
      all.filter(
        (rule) =>
          !rule.rule.isDefault &&
          this.#times.mentionsKnown(rule.rule) &&
          !prints(rule, (call) => callees.get(call)),
      ),
    );
    this.#places = placesWith(policySet.tree, this.#foldable);
  }

  get paths(): readonly InputPath[] {
    return this.#paths;
  }

  /** True when knowing the paths can leave less to do. */
  get helps(): boolean {
    return this.#places.length > 0;
  }

  /** The set for one known input; with `packages`, only what a decision by them may come to is left. */
  specialise(known: KnownInput, packages?: readonly string[]): Specialised {
    const work = this.specialising(known, packages);
    for (;;) {
      const { done, value } = work.next();
      if (done === true) return value;
    }
  }

  /** As `specialise`, with a rest after each rule: whoever runs it may do something else there. */
  *specialising(
    { document }: KnownInput,
    packages?: readonly string[],
  ): Generator<undefined, Specialised, undefined> {
    const made = new Map<Call, Callee>();
    const { modules } = this.#whole;
    const evaluator = new KnownEvaluator(this.#whole, document, this.#clock);
    const outer = {
      times: this.#times,
      raising: this.#raising,
      evaluator,
      calleeOf: (call: Call) => made.get(call) ?? modules.callees.get(call),
      noteCallee: (call: Call, callee: Callee) => void made.set(call, callee),
      foldBody,
    };
    const changes = new Map<CheckedRule, CheckedRule | undefined>();
    for (const place of this.#places) {
      const folded = new Map<CheckedRule, FoldedRule>();
      for (const rule of place.rules) {
        if (!this.#foldable.has(rule)) continue;
        folded.set(rule, foldRule(outer, rule));
        yield undefined;
      }
      this.#settle(place, folded, changes);
    }
    const folded = replaceRules(
      this.#whole,
      (rule) => (changes.has(rule) ? changes.get(rule) : rule),
      made,
    );
    const policySet = packages === undefined ? folded : onlyReached(folded, packages, made);
    return { policySet, rules: countRules(modules.modules, policySet.modules.modules, changes) };
  }

  /** Decides which definitions of a place go. The first stays: reasons and the arity of a function are told from it. */
  #settle(
    place: RuleNode,
    folded: ReadonlyMap<CheckedRule, FoldedRule>,
    changes: Map<CheckedRule, CheckedRule | undefined>,
  ): void {
    const { facts } = this.#whole;
    const after = place.rules.map((rule) => folded.get(rule)?.rule ?? rule);
    const mayGo = place.rules.every((rule) => keysBelow(rule, place.path.length).length === 0);
    const left = after.filter((_, at) => {
      const before = place.rules[at];
      const isBare = before !== undefined && folded.get(before)?.isBare === true;
      return at === 0 || !mayGo || !isBare;
    });
    // Where the first that holds decides, the others are not asked, nor can they raise: that must not begin only now.
    const stops =
      place.kind !== 'partial' &&
      haveOneConstant(facts, left) !== haveOneConstant(facts, place.rules);
    if (stops && place.rules.some((rule) => this.#raising.bodiesMayRaise(rule))) return;
    const stay = new Set(left);
    for (const [at, before] of place.rules.entries()) {
      const now = after[at];
      if (now !== undefined && (now !== before || !stay.has(now)))
        changes.set(before, stay.has(now) ? now : undefined);
    }
  }
}

function onlyReached(
  policySet: PolicySet,
  packages: readonly string[],
  made: ReadonlyMap<Call, Callee>,
): PolicySet {
  const reached = rulesOfDecision(policySet, packages);
  return replaceRules(policySet, (rule) => (reached.has(rule) ? rule : undefined), made);
}

function placesWith(root: RuleNode, rules: ReadonlySet<CheckedRule>): readonly RuleNode[] {
  const places: RuleNode[] = [];
  const waiting = [root];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (place.rules.some((rule) => rules.has(rule))) places.push(place);
    waiting.push(...place.children.values());
  }
  return places;
}

function countRules(
  before: readonly CheckedModule[],
  after: readonly CheckedModule[],
  changes: ReadonlyMap<CheckedRule, CheckedRule | undefined>,
): Specialised['rules'] {
  const count = (modules: readonly CheckedModule[]): number =>
    modules.reduce((sum, { rules }) => sum + rules.length, 0);
  const changed = [...changes.values()].filter((rule) => rule !== undefined).length;
  return { before: count(before), after: count(after), changed };
}
