/**
 * What a stand-alone module of a policy is opened with: its objects are read, its code becomes a decision function, and the reference
 * interpreter stands by for what the code leaves to it. Carried by every such module; it must not import the parser, the checker or
 * anything that makes functions.
 */
import type { Call } from '../../lang/ast/nodes.ts';
import type { Callee, CheckedRule } from '../../lang/check/checked.ts';
import { makeBuiltinTable } from '../builtins/builtin-table.ts';
import {
  type BuiltinFunction,
  createBuiltinCaches,
  type RelationFunction,
  reservePatterns,
} from '../builtins/context.ts';
import { countPatternCalls } from '../builtins/pattern-calls.ts';
import { checkerSignatures } from '../checker-signatures.ts';
import { CompiledDecider } from '../compiled-decider.ts';
import type { Decision } from '../contract/decision.ts';
import type { PolicyInput } from '../contract/input.ts';
import { DecisionAnswers } from '../decision/decision-answers.ts';
import type { LinkedDecision } from '../emit/compiled-set.ts';
import { decisionCode } from '../emit/decision-code.ts';
import { type GeneratedDecision, linkProgram } from '../emit/linked-program.ts';
import { RUNTIME } from '../emit/runtime.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import { TermFactTable } from '../interpret/term-facts.ts';
import type { PlanInput } from '../plan/plan-program.ts';
import { replaceableBy } from '../plan/replaceable.ts';
import type { ReadableRules } from '../reads/static-reads.ts';
import { ReferenceDecider } from '../reference-decider.ts';
import type { Value } from '../value/value.ts';
import { digestOf } from './digest.ts';
import { type Graph, readGraph } from './graph.ts';
import { type DocumentParts, type EvaluateEntrypoint, openDocuments } from './open-documents.ts';

/** The objects of a module: its checked rules. */
export interface ModuleContents {
  readonly revision: string;
  readonly packages: readonly string[];
  /** Paths of documents that may be asked for. */
  readonly entrypoints: readonly string[];
  readonly tree: RuleNode;
  readonly callees: ReadonlyMap<Call, Callee>;
  readonly data: Value;
}

/** What the text of a module hands over. */
export interface ModuleParts {
  readonly graph: Graph;
  /** The decision as code; undefined where the reference decides. */
  readonly make: ((runtime: unknown, constants: unknown, answers: unknown) => unknown) | undefined;
  /** What the code is recognised by, see `digestOf`. */
  readonly digest: string;
  readonly documents: DocumentParts;
  readonly functions: Readonly<Record<string, BuiltinFunction>>;
  readonly relations: Readonly<Record<string, RelationFunction>>;
}

export interface OpenedModule {
  readonly revision: string;
  readonly packages: readonly string[];
  readonly decide: (input: PolicyInput) => Decision;
  readonly entrypoints: readonly string[];
  readonly evaluate: EvaluateEntrypoint;
}

/**
 * Opens a module. The tables of its code are worked out anew from the rules, which takes a fraction of compiling them; that the code they
 * belong to is the code at hand is checked.
 */
export function openModule(parts: ModuleParts): OpenedModule {
  const contents = readGraph(parts.graph) as ModuleContents;
  const { revision, packages, entrypoints, tree, callees, data } = contents;
  const builtins = makeBuiltinTable(parts.functions, parts.relations, []);
  const caches = createBuiltinCaches();
  reservePatterns(caches, countPatternCalls(callees.values()));
  const set = {
    revision,
    tree,
    facts: new TermFactTable((name) => builtins.get(name)?.kind === 'relation'),
    builtins,
    signatures: checkerSignatures(builtins),
    caches,
    data,
    modules: { callees },
    options: {},
    replaceable: replaceableBy(rulesOf(tree).map(({ rule }) => rule)),
    ofHost: new Set<string>(),
  };
  const linked = linkDecision(set, packages, parts);
  const decider = new CompiledDecider(
    { ...set, code: { decision: () => linked } },
    // Whoever built the module was told what is left to the interpreter.
    { onInterpreted: () => undefined },
    new ReferenceDecider(set, {}),
  );
  return {
    revision,
    packages,
    decide: (input) => decider.decide(packages, input),
    entrypoints,
    evaluate: openDocuments(set, entrypoints, parts.documents),
  };
}

function linkDecision(
  set: PlanInput & ReadableRules & { readonly revision: string },
  packages: readonly string[],
  { make, digest }: ModuleParts,
): LinkedDecision | string {
  if (make === undefined) return 'the module was built without code';
  const written = decisionCode(set, set, packages);
  if (typeof written === 'string' || digestOf(written.code.lines) !== digest)
    throw new Error('the rules of the module are not those of its code');
  const { plan, program, code, reads, searches } = written;
  const answers = new DecisionAnswers(plan, set.revision, reads);
  const functions = make(RUNTIME, code.constants, answers) as GeneratedDecision;
  return {
    program: linkProgram(program, functions, []),
    decide: functions.decide,
    documents: plan.documents.map(({ path }) => path),
    searches,
  };
}

function rulesOf(node: RuleNode): readonly CheckedRule[] {
  const own = node.fallback === undefined ? node.rules : [...node.rules, node.fallback];
  return [...own, ...[...node.children.values()].flatMap(rulesOf)];
}
