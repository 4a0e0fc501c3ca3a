/** Puts the rules of a module set before the type checker, each after the rules it reads, and its faults into the report. */
import type { AnnotationSet } from '../check/annotation.ts';
import { writtenName } from '../check/context.ts';
import type { LoweredRule } from '../check/lower-rule.ts';
import type { LoweredRef, LoweredTerm } from '../check/lowered.ts';
import type { CheckOptions } from '../check/options.ts';
import type { Report } from '../check/report.ts';
import { isEntry, type RuleGraph } from '../check/rule-graph.ts';
import type { RuleEntry } from '../check/rule-tree.ts';
import { scalarKey } from '../check/steps.ts';
import { readAnnotatedSchemas, type SchemasOfRule } from './annotated-schemas.ts';
import {
  type BranchTyping,
  type CheckedTypes,
  makeTypeChecker,
  type TypeChecker,
  type TypedBranch,
  type TypeMemory,
} from './check-types.ts';
import { scalarNodeKey } from './constant.ts';
import { declaredFunctions } from './declarations.ts';
import type { Wording } from './references.ts';
import { compareTypes, type StaticKey, stringKey } from './type.ts';

/** Types the rules of a module set. */
export interface ModuleTyper {
  /**
   * Types a rule that reads nothing below `data` and replaces nothing, in any order: what it came to is kept for `finish`, and its
   * lowered form is not asked for again. False where the rule has to wait for the others.
   */
  typeAlone(entry: RuleEntry, rule: LoweredRule): boolean;
  /** Types all other rules; the bodies must have been found safe and be in order. */
  finish(lowered: ReadonlyMap<RuleEntry, LoweredRule | undefined>, graph: RuleGraph): CheckedTypes;
  /** The same with a pause after so many branches, in which some rules are typed and others not. */
  finishInSteps(
    lowered: ReadonlyMap<RuleEntry, LoweredRule | undefined>,
    graph: RuleGraph,
    branchesAtOnce: number,
  ): Generator<undefined, CheckedTypes>;
}

export function makeModuleTyper(
  annotations: AnnotationSet,
  options: CheckOptions,
  report: Report,
  memory?: TypeMemory,
): ModuleTyper {
  const alone = new Map<RuleEntry, readonly BranchTyping[]>();
  let graph: RuleGraph | undefined;
  const checker = makeTypeChecker({
    builtins: declaredFunctions(options.builtins),
    inputType: options.inputType,
    dependentsOf: (target) =>
      target.head.name !== 'data' || graph === undefined
        ? []
        : graph
            .dependentsOf(target.path.map(({ term }) => scalarKey(term)))
            .map((entry) => staticPath(entry)),
    report: (code, source, span, message, help) =>
      report.error(code, source, span, message, help === undefined ? {} : { help }),
  });
  const hasSchemas = annotations.all.some(({ schemas }) => schemas.length > 0);
  const shared = makeSharedTypings();
  function* finishInSteps(
    lowered: ReadonlyMap<RuleEntry, LoweredRule | undefined>,
    ofRules: RuleGraph,
    branchesAtOnce: number,
  ): Generator<undefined, CheckedTypes> {
    graph = ofRules;
    const schemasOf = readAnnotatedSchemas(annotations, options, report);
    let inferred = 0;
    for (const group of graph.groups())
      for (const entry of group.filter(isEntry)) {
        const path = staticPath(entry);
        const known = alone.get(entry);
        for (const typing of known ?? NONE) checker.add(path, entry.source, typing);
        if (known !== undefined) continue;
        for (const typed of typedBranches(entry, lowered.get(entry), schemasOf, path)) {
          let typing = memory?.recall(typed);
          if (typing === undefined) {
            typing = infer(checker, typed, memory);
            inferred += 1;
            if (inferred % branchesAtOnce === 0) yield;
          }
          checker.add(path, entry.source, typing);
        }
      }
    alone.clear();
    return checker.types;
  }
  return {
    finishInSteps,
    typeAlone(entry, rule) {
      if (hasSchemas) return false;
      const path = staticPath(entry);
      const branches = typedBranches(entry, rule, () => NONE, path);
      const typings = branches.map((typed) => shared(entry.name, checker.infer(typed)));
      alone.set(entry, typings);
      return true;
    },
    finish(lowered, ofRules) {
      const steps = finishInSteps(lowered, ofRules, Number.POSITIVE_INFINITY);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
    },
  };
}

function infer(
  checker: TypeChecker,
  typed: TypedBranch,
  memory: TypeMemory | undefined,
): BranchTyping {
  const typing = checker.infer(typed);
  return memory?.keep(typed, typing) ?? typing;
}

/** Most definitions of one rule come to the same: what the one before came to stands for all that are equal. */
function makeSharedTypings(): (name: string, typing: BranchTyping) => BranchTyping {
  const last = new Map<string, BranchTyping>();
  return (name, typing) => {
    const before = last.get(name);
    if (before !== undefined && isSame(before, typing)) return before;
    last.set(name, typing);
    return typing;
  };
}

function isSame(a: BranchTyping, b: BranchTyping): boolean {
  if (a.faults.length > 0 || b.faults.length > 0) return false;
  return compareTypes(a.type, b.type) === 0;
}

const NONE: readonly never[] = [];

function typedBranches(
  entry: RuleEntry,
  rule: LoweredRule | undefined,
  schemasOf: SchemasOfRule,
  path: readonly StaticKey[],
): readonly TypedBranch[] {
  if (rule === undefined) return NONE;
  // The rule's own name is the first key after the package; the head's steps follow it.
  const staticSteps = path.length - entry.package.length - 1;
  const documents = schemasOf(entry.rule, false);
  const ofElse = entry.rule.else.length === 0 ? documents : schemasOf(entry.rule, true);
  const wording = makeWording((name) => writtenName(rule.names, name));
  return rule.branches.map((branch, at) => ({
    entry,
    at,
    source: entry.source,
    headSpan: entry.rule.head.span,
    path,
    dynamic: branch.path.slice(staticSteps),
    branch,
    wording,
    documents: at === 0 ? documents : ofElse,
  }));
}

/** The leading constant steps of a rule's place below `data`. */
function staticPath(entry: RuleEntry): readonly StaticKey[] {
  const name = entry.rule.head.ref.head;
  return [
    ...entry.package.map(stringKey),
    ...(name.kind === 'Var' ? [stringKey(name.name)] : []),
    ...entry.rule.head.ref.path
      .slice(0, entry.groundLength - entry.package.length - 1)
      .flatMap(({ term }) => scalarNodeKey(term) ?? []),
  ];
}

/** Writes references the way a policy does, variables by the names in the text. */
export function makeWording(written: (name: string) => string): Wording {
  const termText = (term: LoweredTerm): string => {
    switch (term.kind) {
      case 'scalar':
        if (term.node.kind === 'Null') return 'null';
        if (term.node.kind === 'Number') return term.node.text;
        return JSON.stringify(term.node.value);
      case 'var':
        return nameOf(term.name, written);
      case 'ref':
        return refText(term, term.path.length);
      default:
        return '…';
    }
  };
  const refText = (ref: LoweredRef, steps: number): string =>
    ref.path
      .slice(0, steps)
      .reduce(
        (text, { term }) =>
          term.kind === 'scalar' && term.node.kind === 'String' && isName(term.node.value)
            ? `${text}.${term.node.value}`
            : `${text}[${termText(term)}]`,
        nameOf(ref.head.name, written),
      );
  return (ref, steps) => {
    if (!nameOf(ref.head.name, written).includes(' ')) return `\`${refText(ref, steps)}\``;
    return steps === 0 ? UNNAMED : `a part of ${UNNAMED}`;
  };
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

/** What has no name in the text. */
const UNNAMED = 'this value';

/** A name the checker made itself is never shown. */
function nameOf(name: string, written: (name: string) => string): string {
  const shown = written(name);
  return shown.startsWith('$') ? UNNAMED : shown;
}
