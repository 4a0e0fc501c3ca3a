/**
 * Types the branches of rules, each after those of the rules it refers to, and reports what can never hold. Errors only: a set that passes here
 * may still leave values undefined when it runs.
 */
import type { LoweredBranch, LoweredRef, LoweredSegment, Step } from '../check/lowered.ts';
import type { RuleEntry } from '../check/rule-tree.ts';
import type { DiagnosticCode } from '../codes.ts';
import type { Source, Span } from '../source.ts';
import { type DocumentType, describeDocuments } from './annotated-schemas.ts';
import { constantKey } from './constant.ts';
import { TypeEnvironment } from './environment.ts';
import type { TypeFault } from './fault.ts';
import { type BodyTypes, type InferenceContext, inferBody } from './infer.ts';
import type { Wording } from './references.ts';
import {
  ANYTHING,
  BOOLEAN,
  type FunctionType,
  objectType,
  type StaticKey,
  setType,
  stringKey,
  type Type,
  unionOf,
} from './type.ts';
import { TypeTree } from './type-tree.ts';

/** One definition of a rule, or one `else` of it. */
export interface TypedBranch {
  /** The rule it belongs to, and which branch of it it is. */
  readonly entry: RuleEntry;
  readonly at: number;
  readonly source: Source;
  readonly headSpan: Span;
  /** The leading constant steps of the rule's place below `data`. */
  readonly path: readonly StaticKey[];
  /** The head's steps after the static path, the first of them not constant; empty for most rules. */
  readonly dynamic: readonly LoweredSegment[];
  readonly branch: LoweredBranch;
  readonly wording: Wording;
  /** What METADATA blocks say of documents the rule reads, widest scope first. */
  readonly documents: readonly DocumentType[];
}

export interface TypeCheckInput {
  readonly builtins: ReadonlyMap<string, FunctionType>;
  /** What is known of `input`; undefined for nothing. */
  readonly inputType: Type | undefined;
  /** Static paths of the rules that the reference can mean, and of all that depend on them. */
  readonly dependentsOf: (target: LoweredRef) => readonly (readonly StaticKey[])[];
  readonly report: (
    code: DiagnosticCode,
    source: Source,
    span: Span,
    message: string,
    help: string | undefined,
  ) => void;
}

/** What inferring one branch came to. */
export interface BranchTyping {
  /** What it adds to the rule's place; undefined where that is not known. */
  readonly type: Type | undefined;
  readonly faults: readonly TypeFault[];
  /** The rule is taken to be anything, so that the rules that use it are not faulted for it. */
  readonly isFaulty: boolean;
}

/** Remembers what branches came to, for an editor that checks the same rules again and again. */
export interface TypeMemory {
  /** What still holds of a branch; asked once for each, in the order of the branches. */
  recall(typed: TypedBranch): BranchTyping | undefined;
  /** Takes what a branch came to, and answers how it is to be reported. */
  keep(typed: TypedBranch, typing: BranchTyping): BranchTyping;
}

/** The types found, for queries and for an editor. */
export interface CheckedTypes {
  readonly environment: TypeEnvironment;
  /** Types a query's body against the rules. */
  checkQuery(steps: readonly Step[], wording: Wording): readonly TypeFault[];
  /** The types inside a branch, which are not kept. */
  typesInside(typed: TypedBranch): BodyTypes;
}

/** Types branches one after the other. */
export interface TypeChecker {
  /** What a branch comes to; the branches of the rules it refers to must have been added. */
  infer(typed: TypedBranch): BranchTyping;
  /** Adds what a branch came to, and reports its faults. */
  add(path: readonly StaticKey[], source: Source, typing: BranchTyping): void;
  /** The types found so far. */
  readonly types: CheckedTypes;
}

export function makeTypeChecker({
  builtins,
  inputType,
  dependentsOf,
  report,
}: TypeCheckInput): TypeChecker {
  const root = TypeEnvironment.root(new TypeTree());
  if (inputType !== undefined) root.tree.put([stringKey('input')], inputType);
  const rules = root.wrap();
  const layerFor = makeWithLayers(dependentsOf);
  const typesInside = (typed: TypedBranch): BodyTypes => {
    const context: InferenceContext = { builtins, wording: typed.wording, layerFor };
    return inferBody(context, describeDocuments(rules, typed.documents), typed.branch.body);
  };
  return {
    infer: (typed) => typingOf(typed, typesInside(typed)),
    add(path, source, { type, faults, isFaulty }) {
      for (const fault of faults) report(fault.code, source, fault.span, fault.message, fault.help);
      if (isFaulty) rules.tree.put(dataPath(path), ANYTHING);
      else if (type !== undefined) rules.tree.insert(dataPath(path), type);
    },
    types: {
      environment: rules,
      typesInside,
      checkQuery: (steps, wording) =>
        inferBody({ builtins, wording, layerFor }, rules, steps).faults,
    },
  };
}

function dataPath(path: readonly StaticKey[]): readonly StaticKey[] {
  return [stringKey('data'), ...path];
}

function typingOf(typed: TypedBranch, body: BodyTypes): BranchTyping {
  const { faults } = body;
  if (faults.length > 0) return { type: undefined, faults, isFaulty: true };
  return { type: contribution(typed, body), faults, isFaulty: false };
}

function contribution(typed: TypedBranch, { environment }: BodyTypes): Type | undefined {
  const { branch } = typed;
  if (branch.params !== undefined) {
    for (const param of branch.params)
      for (const name of variablesIn(param))
        if (environment.typeOfVariable(name) === undefined) environment.setVariable(name, ANYTHING);
  }
  const value = branch.value === undefined ? BOOLEAN : environment.typeOf(branch.value);
  if (branch.params !== undefined)
    return {
      kind: 'function',
      args: branch.params.map((param) => environment.typeOf(param)),
      names: [],
      variadic: undefined,
      result: value && environment.bound(value),
    };
  const member = branch.contains === undefined ? undefined : environment.typeOf(branch.contains);
  const own = branch.contains === undefined ? value : member && setType(member);
  const type = nestUnder(environment, typed.dynamic, own);
  return type && environment.bound(type);
}

function variablesIn(term: LoweredRef['path'][number]['term']): readonly string[] {
  switch (term.kind) {
    case 'var':
      return [term.name];
    case 'array':
    case 'set':
      return term.items.flatMap(variablesIn);
    case 'object':
      return term.entries.flatMap(({ key, value }) => [...variablesIn(key), ...variablesIn(value)]);
    default:
      return [];
  }
}

/** `p[x].b := v` makes `p` an object of objects. */
function nestUnder(
  environment: TypeEnvironment,
  steps: readonly LoweredSegment[],
  type: Type | undefined,
): Type | undefined {
  const [first, ...rest] = steps;
  if (first === undefined || type === undefined) return type;
  const value = nestUnder(environment, rest, type);
  const key = environment.typeOf(first.term);
  if (value === undefined || key === undefined) return undefined;
  return objectType([], { key, value });
}

/**
 * Layers for `with`: the replaced document may also have the type of its replacement, and the rules that depend on it may be
 * anything.
 */
function makeWithLayers(
  dependentsOf: TypeCheckInput['dependentsOf'],
): InferenceContext['layerFor'] {
  const relaxedTrees = new Map<string, TypeTree | undefined>();
  const relaxed = (target: LoweredRef, isFunction: boolean): TypeTree | undefined => {
    const key = `${isFunction}:${target.head.name}:${target.path
      .map(({ term }) => constantKey(term)?.text ?? '?')
      .join('/')}`;
    if (relaxedTrees.has(key)) return relaxedTrees.get(key);
    const own = staticPrefix(target)
      .map(({ text }) => text)
      .join('/');
    const paths = dependentsOf(target)
      .map(dataPath)
      .filter((path) => !isFunction || path.map(({ text }) => text).join('/') !== own);
    const tree = paths.length === 0 ? undefined : new TypeTree();
    for (const path of paths) tree?.put(path, ANYTHING);
    relaxedTrees.set(key, tree);
    return tree;
  };
  return (environment, step) => {
    let layer = environment;
    const replaced: { path: readonly StaticKey[]; type: Type }[] = [];
    for (const { target, value } of step.with) {
      if (target.head.name !== 'data' && target.head.name !== 'input') continue;
      const type = environment.typeOfRef(target);
      const isFunction = type?.kind === 'function';
      const tree = relaxed(target, isFunction);
      if (tree !== undefined) layer = layer.wrapWith(tree);
      if (isFunction) continue;
      const path = staticPrefix(target);
      const isGround = path.length === target.path.length + 1;
      const valueType = environment.typeOf(value);
      const joined =
        isGround && type !== undefined && valueType !== undefined
          ? unionOf(type, valueType)
          : undefined;
      replaced.push({ path, type: joined ?? ANYTHING });
    }
    if (replaced.length === 0) return layer;
    const tree = new TypeTree();
    for (const { path, type } of replaced) tree.put(path, type);
    return layer.wrapWith(tree);
  };
}

function staticPrefix(ref: LoweredRef): readonly StaticKey[] {
  const keys: StaticKey[] = [stringKey(ref.head.name)];
  for (const { term } of ref.path) {
    const key = constantKey(term);
    if (key === undefined) break;
    keys.push(key);
  }
  return keys;
}
