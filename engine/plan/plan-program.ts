/**
 * Plans a whole policy set: a group for every place where rules stand. Groups are planned when another asks for them, so that
 * what is asked (the domain of its value) is known.
 */
import type { Body, Call, Term } from '../../lang/ast/nodes.ts';
import type { Callee, CheckedModuleSet, CheckedRule } from '../../lang/check/checked.ts';
import type { BuiltinTable as SignatureTable } from '../../lang/check/signatures.ts';
import { constantPlaces } from '../interpret/constant-places.ts';
import { keysBelow, nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import type { TermFactTable } from '../interpret/term-facts.ts';
import type { Value } from '../value/value.ts';
import { blockCanFail, type Failing, stepCanFail } from './can-fail.ts';
import type { Block, Domain, Group, PlannedRule, Program, Step } from './ir.ts';
import { longestKeys } from './plan-ref.ts';
import {
  type PlannedQuery,
  planPartialRule,
  planQuery,
  planValueRule,
  yieldedDomain,
} from './plan-rule.ts';
import { type PlanContext, Unplannable } from './planner.ts';
import { type GroupVisitor, visitGroups } from './reachable-groups.ts';
import type { Replaceable } from './replaceable.ts';

/** What is planned. */
export interface PlanInput {
  readonly modules: Pick<CheckedModuleSet, 'callees'>;
  readonly tree: RuleNode;
  readonly facts: TermFactTable;
  readonly signatures: SignatureTable;
  readonly builtins: ReadonlyMap<string, { readonly kind: 'function' | 'relation' }>;
  /** Builtins of the embedding program: nothing is known of them. */
  readonly ofHost: ReadonlySet<string>;
  /** What a `with` of the set, or of a query against it, may replace. */
  readonly replaceable: Replaceable;
}

/** What an absent value in a head means. */
const IMPLIED_VALUE: Value = true;

interface Draft {
  readonly index: number;
  readonly node: RuleNode;
  rules: readonly PlannedRule[];
  fallbacks: readonly PlannedRule[];
  keyed: (readonly PlannedRule[])[];
  wanted: number;
  interpreted: string | undefined;
  state: 'new' | 'started' | 'planned';
}

/** Plans groups of a policy set as they are asked for. */
export class ProgramPlanner {
  readonly #input: PlanInput;
  readonly #drafts: Draft[] = [];
  readonly #byNode = new Map<RuleNode, Draft>();
  readonly #byPath = new Map<string, number>();
  /** Keys that a reference whose place is not known may give. */
  #unknownKeys = 0;

  constructor(input: PlanInput) {
    this.#input = input;
    this.#register(input.tree);
  }

  /** Everything that stands in the tree. */
  plan(): Program {
    for (const draft of this.#drafts) this.#planned(draft);
    for (const draft of this.#drafts) this.#planKeyed(draft);
    return { groups: this.#drafts.map((draft) => this.#finish(draft)), byPath: this.#byPath };
  }

  /** The definitions that stand at a node. Throws `Unplannable` where the interpreter has to evaluate them. */
  definitions(node: RuleNode): readonly PlannedRule[] {
    const draft = this.#draftOf(node);
    this.#planned(draft);
    if (draft.interpreted !== undefined) throw new Unplannable(draft.interpreted);
    return draft.rules;
  }

  /** The definitions at a node but its default, each with marks where literals of its body begin. Throws as `definitions` does. */
  watchedDefinitions(node: RuleNode): readonly PlannedRule[] {
    const context = this.#context();
    return node.rules
      .filter(({ rule }) => !rule.isDefault)
      .map((rule) =>
        node.kind === 'partial'
          ? planPartialRule(context, node, rule, 0, true)
          : planValueRule(context, rule, true),
      );
  }

  /** True when a step can end an evaluation with an error. */
  readonly canFail = (step: Step): boolean => stepCanFail(step, this.#failing);

  readonly #failing: Failing = {
    group: (index) => this.#groupCanFail(index),
    builtin: (name) => this.#input.ofHost.has(name),
  };
  readonly #failingGroups = new Map<number, boolean>();

  #groupCanFail(index: number): boolean {
    const known = this.#failingGroups.get(index);
    if (known !== undefined) return known;
    const draft = this.#drafts[index];
    if (draft === undefined) return true;
    this.#planned(draft);
    const { node, rules, fallbacks, interpreted } = draft;
    // Definitions that can disagree are a conflict; keys of objects can meet.
    const isAgreed =
      node.kind === 'partial'
        ? node.rules.every((rule) => keysBelow(rule, node.path.length).length === 0)
        : haveOneConstant(this.#input.facts, node.rules) ||
          (rules.length === 1 && rules[0]?.single === true);
    const fails =
      interpreted !== undefined ||
      !isAgreed ||
      [...rules, ...fallbacks].some(({ attempts }) =>
        attempts.some(({ block }) => blockCanFail(block, this.#failing)),
      );
    this.#failingGroups.set(index, fails);
    return fails;
  }

  /** What the blocks can ask for, and what stands at the nodes: all other groups are there without definitions. */
  planReachable(blocks: readonly Block[], nodes: readonly RuleNode[] = []): Program {
    const reached = new Set<Draft>();
    const waiting = [...blocks];
    const reach = (draft: Draft | undefined): void => {
      if (draft === undefined || reached.has(draft)) return;
      reached.add(draft);
      this.#planned(draft);
      for (const { attempts } of [...draft.rules, ...draft.fallbacks])
        for (const { block } of attempts) waiting.push(block);
    };
    const found: GroupVisitor = {
      group: (index) => reach(this.#drafts[index]),
      any: () => {
        for (const draft of this.#drafts) reach(draft);
      },
    };
    for (const node of nodes) reach(this.#draftOf(node));
    for (let block = waiting.pop(); block !== undefined; block = waiting.pop())
      visitGroups(block, found);
    for (const draft of reached) this.#planKeyed(draft);
    const groups = this.#drafts.map((draft) =>
      reached.has(draft) ? this.#finish(draft) : absentGroup(draft),
    );
    return { groups, byPath: this.#byPath };
  }

  /** A query against the set; its callees were resolved apart from those of the set. */
  planQuery(body: Body, callees: ReadonlyMap<Call, Callee>): PlannedQuery {
    return planQuery(this.#context(callees), body);
  }

  #register(node: RuleNode): void {
    if (node.kind !== 'branch') {
      const index = this.#drafts.length;
      const draft: Draft = {
        index,
        node,
        rules: [],
        fallbacks: [],
        keyed: [],
        wanted: 0,
        interpreted: undefined,
        state: 'new',
      };
      this.#drafts.push(draft);
      this.#byNode.set(node, draft);
      this.#byPath.set(node.path.join('\0'), index);
    }
    for (const child of node.children.values()) this.#register(child);
  }

  #context(queryCallees?: ReadonlyMap<Call, Callee>): PlanContext {
    const { modules, tree, facts, signatures, builtins, ofHost, replaceable } = this.#input;
    return {
      tree,
      facts,
      calleeOf: (call) => modules.callees.get(call) ?? queryCallees?.get(call),
      arityOf: (callee) =>
        callee.kind === 'builtin'
          ? signatures.get(callee.name)?.args.length
          : functionArity(tree, callee.path),
      isRelation: (name) => builtins.get(name)?.kind === 'relation',
      isBuiltin: (name) => builtins.has(name),
      isOfHost: (name) => ofHost.has(name),
      isMocked: (name) => replaceable.functions.has(name),
      isOverlaid: (path) => replaceable.data.some((other) => touches(path, other)),
      groupOf: (node) => this.#draftOf(node).index,
      domainOf: (group) => this.#domainOf(group),
      wantKeys: (group, keys) => {
        if (group === 'unknown') this.#unknownKeys = Math.max(this.#unknownKeys, keys);
        else {
          const draft = this.#drafts[group];
          if (draft !== undefined) draft.wanted = Math.max(draft.wanted, keys);
        }
      },
    };
  }

  #draftOf(node: RuleNode): Draft {
    const draft = this.#byNode.get(node);
    if (draft === undefined) throw new Error(`no rule stands at ${node.path.join('.')}`);
    return draft;
  }

  #domainOf(group: number): Domain {
    const draft = this.#drafts[group];
    if (draft === undefined || draft.state === 'started') return 'any';
    this.#planned(draft);
    if (draft.interpreted !== undefined || draft.node.kind === 'partial') return 'value';
    const all = [...draft.rules, ...draft.fallbacks];
    return all.some((rule) => yieldedDomain(rule) === 'any') ? 'any' : 'value';
  }

  #planned(draft: Draft): void {
    if (draft.state !== 'new') return;
    draft.state = 'started';
    const { node } = draft;
    const context = this.#context();
    try {
      const rules = node.rules.filter(({ rule }) => node.kind !== 'partial' || !rule.isDefault);
      const plan = (rule: CheckedRule): PlannedRule =>
        node.kind === 'partial'
          ? planPartialRule(context, node, rule, 0)
          : planValueRule(context, rule);
      draft.rules = rules.map(plan);
      const defaults = node.rules.filter(({ rule }) => rule.isDefault);
      draft.fallbacks = (node.fallback === undefined ? defaults : [node.fallback]).map(plan);
    } catch (cause) {
      if (!(cause instanceof Unplannable)) throw cause;
      draft.interpreted = cause.message;
    }
    draft.state = 'planned';
  }

  /** References in definitions planned with keys ask for the same keys as those planned without. */
  #planKeyed(draft: Draft): void {
    const { node } = draft;
    if (node.kind !== 'partial' || draft.interpreted !== undefined) return;
    const most = Math.min(longestKeys(node), Math.max(draft.wanted, this.#unknownKeys));
    const context = this.#context();
    for (let given = 1; given <= most; given += 1) {
      draft.keyed[given] = draft.rules.map(({ rule }) =>
        planPartialRule(context, node, rule, given),
      );
    }
    draft.keyed[0] = draft.rules;
  }

  #finish(draft: Draft): Group {
    const { index, node, rules, fallbacks, keyed, interpreted } = draft;
    const { facts } = this.#input;
    const isPartial = node.kind === 'partial';
    return {
      index,
      node,
      kind: node.kind === 'branch' ? 'complete' : node.kind,
      rules,
      fallbacks,
      firstDecides: !isPartial && haveOneConstant(facts, node.rules),
      keyed,
      isSet:
        isPartial && node.rules.every((rule) => keysBelow(rule, node.path.length).length === 0),
      places: isPartial ? constantPlaces(node, (term: Term) => facts.of(term).constant) : [],
      longest: isPartial ? longestKeys(node) : 0,
      interpreted,
      arity: (node.rules[0] ?? node.fallback)?.rule.head.params?.length ?? 0,
    };
  }
}

/** A group that nothing asks for. */
function absentGroup({ index, node }: Draft): Group {
  return {
    index,
    node,
    kind: node.kind === 'branch' ? 'complete' : node.kind,
    rules: [],
    fallbacks: [],
    firstDecides: true,
    keyed: [],
    isSet: false,
    places: [],
    longest: 0,
    interpreted: undefined,
    arity: 0,
  };
}

function functionArity(tree: RuleNode, path: readonly string[]): number | undefined {
  const node = nodeAt(tree, path);
  return (node?.rules[0] ?? node?.fallback)?.rule.head.params?.length;
}

function touches(path: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(path.length, other.length);
  for (let index = 0; index < length; index += 1) if (path[index] !== other[index]) return false;
  return true;
}

function haveOneConstant(facts: TermFactTable, rules: readonly CheckedRule[]): boolean {
  let first: Value | undefined;
  for (const { rule } of rules) {
    for (const term of [rule.head.value, ...rule.else.map((branch) => branch.value)]) {
      const value = term === undefined ? IMPLIED_VALUE : facts.of(term).constant;
      if (value === undefined) return false;
      if (first === undefined) first = value;
      if (first !== value) return false;
    }
  }
  return true;
}
