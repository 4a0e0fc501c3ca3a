/**
 * Plans a decision: what the four documents of the packages that guard a resource can say, and when. What a rule says is known when the
 * plan is made, but for the values it computes; so a decision is which sayings hold.
 *
 * A package list that is anything else than rules that say something (a document that is no rule, a set with keys, a default that is
 * computed) has no plan, and the reference interpreter decides by it.
 */
import type { CheckedRule } from '../../lang/check/checked.ts';
import { keysBelow, nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import type { TermFactTable } from '../interpret/term-facts.ts';
import type { Value } from '../value/value.ts';
import type { Attempt, Block, Operand, PlannedRule, Step } from './ir.ts';
import { type LeafKind, type MatchPlan, type MatchRule, planMatch } from './match-plan.ts';
import { Unplannable } from './planner.ts';
import { type RulePath, readRulePath } from './rule-path.ts';
import { SharedValues } from './shared-values.ts';

/** The documents of a decision, in the order they count. */
export const DECISION_DOCUMENTS = ['allow', 'block', 'require_approval', 'mask'] as const;
export type DocumentName = (typeof DECISION_DOCUMENTS)[number];

/** One document of one package. */
export interface DecisionDocument {
  readonly name: DocumentName;
  readonly package: string;
  readonly path: readonly string[];
  /** Absent where the package does not have it. */
  readonly node: RuleNode | undefined;
  /** Of `allow`: what holds where no rule does. */
  readonly fallback: { readonly rule: CheckedRule; readonly value: Value } | undefined;
}

/** What a rule says: a value, an object of which some fields are computed, or a value that is computed as a whole. */
export type SayingForm =
  | { readonly kind: 'constant'; readonly value: Value }
  | {
      readonly kind: 'object';
      readonly names: readonly string[];
      /** By name; undefined where it is computed. */
      readonly constants: readonly (Value | undefined)[];
    }
  | { readonly kind: 'computed' };

export interface Saying {
  /** Its place among all of the decision: documents in their order, then rules. */
  readonly number: number;
  readonly document: DecisionDocument;
  readonly rule: CheckedRule;
  readonly form: SayingForm;
}

export interface DecisionPlan {
  readonly documents: readonly DecisionDocument[];
  readonly sayings: readonly Saying[];
  readonly match: MatchPlan;
  /** Rules with `else`: attempts one after the other until one holds. */
  readonly chains: readonly Chain[];
  /** All values rules read, by the numbers of their registers. */
  readonly values: SharedValues;
}

export interface Chain {
  readonly rule: CheckedRule;
  readonly attempts: readonly { readonly block: Block; readonly sayings: readonly number[] }[];
}

/** What a plan of decisions is made from. */
export interface DecisionPlanInput {
  readonly tree: RuleNode;
  readonly facts: TermFactTable;
  /** The definitions of a document, planned. */
  readonly planned: (node: RuleNode) => readonly PlannedRule[];
  /** True when a step can end the evaluation with an error. */
  readonly canFail: (step: Step) => boolean;
}

/** The plan for these packages; a sentence where there is none. */
export function planDecision(
  input: DecisionPlanInput,
  packages: readonly string[],
): DecisionPlan | string {
  try {
    return new DecisionPlanner(input).plan(packages);
  } catch (cause) {
    if (cause instanceof Unplannable) return cause.message;
    throw cause;
  }
}

class DecisionPlanner {
  readonly #input: DecisionPlanInput;
  readonly #values = new SharedValues();
  readonly #sayings: Saying[] = [];
  readonly #rules: MatchRule[] = [];
  readonly #chains: Chain[] = [];

  constructor(input: DecisionPlanInput) {
    this.#input = input;
  }

  plan(packages: readonly string[]): DecisionPlan {
    const documents = packages.flatMap((name) => this.#documentsOf(name));
    for (const document of documents) this.#readDocument(document);
    return {
      documents,
      sayings: this.#sayings,
      match: planMatch(this.#rules),
      chains: this.#chains,
      values: this.#values,
    };
  }

  #documentsOf(packageName: string): readonly DecisionDocument[] {
    const base = packageName.split('.');
    const node = nodeAt(this.#input.tree, base);
    if (node?.kind !== 'branch') throw new Unplannable(`there is no policy package ${packageName}`);
    return DECISION_DOCUMENTS.map((name) => {
      const found = node.children.get(name);
      const path = [...base, name];
      return { name, package: packageName, path, node: found, fallback: this.#fallbackOf(found) };
    });
  }

  #fallbackOf(node: RuleNode | undefined): DecisionDocument['fallback'] {
    const rule = node?.fallback;
    if (rule === undefined) return undefined;
    const { value: term } = rule.rule.head;
    const value = term === undefined ? true : this.#input.facts.of(term).constant;
    if (typeof value !== 'boolean') throw new Unplannable('a default that is no boolean');
    return { rule, value };
  }

  #readDocument(document: DecisionDocument): void {
    const { name, node } = document;
    if (node === undefined) return;
    if (node.kind !== (name === 'allow' ? 'complete' : 'partial'))
      throw new Unplannable(`\`${name}\` is no rule of its kind`);
    const isSet = (rule: CheckedRule): boolean =>
      rule.rule.head.contains !== undefined && keysBelow(rule, node.path.length).length === 0;
    if (name !== 'allow' && !node.rules.every(isSet))
      throw new Unplannable(`\`${name}\` is no set of rules`);
    for (const planned of this.#input.planned(node)) this.#readRule(document, planned);
  }

  #readRule(document: DecisionDocument, planned: PlannedRule): void {
    const { rule, attempts } = planned;
    const [first] = attempts;
    if (attempts.length === 1 && first !== undefined) {
      const path = readRulePath(this.#values, first.block, this.#input.canFail);
      if (path !== undefined) this.#addMatch(document, rule, path);
      return;
    }
    this.#chains.push({
      rule,
      attempts: attempts.map(({ block }: Attempt) => ({
        block,
        sayings: this.#truthSayings(document, rule, block),
      })),
    });
  }

  #addMatch(document: DecisionDocument, rule: CheckedRule, path: RulePath): void {
    const [said] = path.yields;
    if (said === undefined) throw new Error('a rule that says nothing');
    if (document.name === 'allow') {
      const sayings = this.#sayTruth(document, rule, said);
      const leaf: LeafKind = sayings.length === 2 ? 'truth' : 'says';
      this.#rules.push({ rule, path, leaf, sayings });
      return;
    }
    if (said.kind === 'constant') {
      const form = { kind: 'constant', value: said.value } as const;
      this.#rules.push({ rule, path, leaf: 'says', sayings: [this.#say(document, rule, form)] });
      return;
    }
    const object = objectOf(path, said);
    const form: SayingForm = object?.form ?? { kind: 'computed' };
    const sayings = [this.#say(document, rule, form)];
    this.#rules.push({ rule, path: object?.path ?? path, leaf: 'value', sayings });
  }

  #truthSayings(document: DecisionDocument, rule: CheckedRule, block: Block): readonly number[] {
    const last = block.steps.at(-1);
    const [said] = last?.kind === 'yield' ? last.operands : [];
    return said === undefined ? [] : this.#sayTruth(document, rule, said);
  }

  /** One saying where the value is known, otherwise that it is true and that it is false. */
  #sayTruth(document: DecisionDocument, rule: CheckedRule, said: Operand): readonly number[] {
    const say = (value: Value): number => this.#say(document, rule, { kind: 'constant', value });
    return said.kind === 'constant' ? [say(said.value)] : [say(true), say(false)];
  }

  #say(document: DecisionDocument, rule: CheckedRule, form: SayingForm): number {
    const number = this.#sayings.length;
    this.#sayings.push({ number, document, rule, form });
    return number;
  }
}

/** A member that is put together by the last step: its fields are said instead, and no object is made. */
function objectOf(
  path: RulePath,
  said: Operand,
): { readonly form: SayingForm; readonly path: RulePath } | undefined {
  const step = path.rest.at(-1);
  if (said.kind !== 'register' || step?.kind !== 'let' || step.to.id !== said.id) return undefined;
  if (step.expr.kind !== 'object') return undefined;
  const { flat } = step.expr;
  const names: string[] = [];
  const constants: (Value | undefined)[] = [];
  const computed: Operand[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const [key, value] = [flat[at], flat[at + 1]];
    if (key?.kind !== 'constant' || typeof key.value !== 'string' || value === undefined)
      return undefined;
    if (names.includes(key.value)) return undefined;
    names.push(key.value);
    constants.push(value.kind === 'constant' ? value.value : undefined);
    if (value.kind !== 'constant') computed.push(value);
  }
  const rest: readonly Step[] = path.rest.slice(0, -1);
  return {
    form: { kind: 'object', names, constants },
    path: { ...path, rest, yields: computed },
  };
}
