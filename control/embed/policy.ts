/**
 * Policies in another program, in three lines: `load`, `decide`, `watch`. What the package `sallyport` gives who imports it. Decisions
 * open no file; `load` and a change on disk do.
 */
import type { CompileOptions } from '../../engine/compile-options.ts';
import type { Decision, Effect, Mask, Reason } from '../../engine/contract/decision.ts';
import type { PolicyInput } from '../../engine/contract/input.ts';
import type { DataPatch, PatchFault } from '../../engine/data-patches.ts';
import { createDecider, type Decider } from '../../engine/decide.ts';
import { cacheDecisions } from '../../engine/decision-cache.ts';
import { type Evaluation, evaluatePath } from '../../engine/evaluate.ts';
import type { RuleNode } from '../../engine/interpret/rule-tree.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import type { EvaluationError } from '../../engine/run/failure.ts';
import { fromPlain, type Plain, toPlain } from '../../engine/value/plain.ts';
import { ControlError } from '../error.ts';
import { readPolicyFiles } from '../policies/read-files.ts';
import { watchPolicies } from '../policies/watch.ts';
import { createServedPolicies } from '../serve/served-policies.ts';

export type {
  DataPatch,
  Decision,
  Effect,
  Evaluation,
  EvaluationError,
  Mask,
  PatchFault,
  Plain,
  PolicyInput,
  Reason,
};
export { ControlError as LoadError };

export interface LoadOptions {
  /** Packages a decision asks; every package with one of the four decisions when left out. */
  readonly packages?: readonly string[];
  /** `contract` checks policies against the input of Sallyport's gateway; `none` (the default) takes an input of any shape. */
  readonly inputSchema?: CompileOptions['inputSchema'];
  /** Builtins of this program. */
  readonly builtins?: CompileOptions['builtins'];
  /** Receives the errors behind decisions that are `policy-error`. */
  readonly onError?: (error: EvaluationError) => void;
}

/** A change on disk: another set decides from now on, or it cannot and the old one goes on. */
export type PolicyChange =
  | { readonly kind: 'swapped'; readonly revision: string }
  | { readonly kind: 'refused'; readonly revision: string; readonly error: Error };

/** A change to the data, as plain data. */
export type PlainPatch =
  | {
      readonly op: 'add' | 'replace' | 'put' | 'merge';
      readonly path: readonly string[];
      readonly value: unknown;
    }
  | { readonly op: 'remove'; readonly path: readonly string[] };

/** Loaded policies. Every question is answered by one set from beginning to end. */
export interface Policy {
  /** Of the set that decides now. */
  readonly revision: string;
  /** The packages a decision asks. */
  readonly packages: readonly string[];
  /** Allow, mask, block or require approval. Never throws: whatever goes wrong is a block. */
  decide(input: object): Decision;
  /** The document at a path such as `app/roles`, as plain data; `result` is undefined when it has no value. */
  evaluate(path: string, input?: unknown): Evaluation<Plain | undefined>;
  /** Changes the data without reading anything; gives the fault, and changes nothing, when that cannot be done. */
  change(patches: readonly PlainPatch[]): PatchFault | undefined;
  /** Follows the files from now on, until the function it gives is called. It does not keep the process alive. */
  watch(onChange?: (change: PolicyChange) => void): () => void;
}

const DECISIONS: readonly string[] = ['allow', 'block', 'require_approval', 'mask'];

/** Reads and compiles files and folders, tests left out. Rejects with a `LoadError` whose `details` are the diagnostics. */
export async function load(
  paths: string | readonly string[],
  options: LoadOptions = {},
): Promise<Policy> {
  const folders = typeof paths === 'string' ? [paths] : paths;
  const { builtins, inputSchema = 'none', onError } = options;
  const compile = { inputSchema, ...(builtins === undefined ? {} : { builtins }) };
  const nowIso = (): string => new Date().toISOString();
  const policies = createServedPolicies(() => readPolicyFiles(folders), compile, nowIso);
  let ready = prepare(policies.policySet, options.packages, onError);

  const current = (): Prepared => {
    const { policySet } = policies;
    if (policySet !== ready.policySet) ready = prepare(policySet, options.packages, onError);
    return ready;
  };
  return {
    get revision() {
      return current().policySet.revision;
    },
    get packages() {
      return current().packages;
    },
    decide(input) {
      const { decider, packages } = current();
      return decider.decide(packages, withInstant(input));
    },
    evaluate(path, input) {
      const names = path.split('/').filter((name) => name !== '');
      const evaluation = evaluatePath(current().policySet, names, { input, engine: 'compiled' });
      if (!evaluation.ok) return evaluation;
      const { result } = evaluation;
      return { ...evaluation, result: result === undefined ? undefined : toPlain(result) };
    },
    change: (patches) => policies.change(patches.map(toPatch)),
    watch(onChange) {
      const refuse = (cause: unknown): void => {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        onChange?.({ kind: 'refused', revision: current().policySet.revision, error });
      };
      const reload = (): void => {
        try {
          if (policies.reload() === 'unchanged') return;
        } catch (cause) {
          refuse(cause);
          return;
        }
        onChange?.({ kind: 'swapped', revision: current().policySet.revision });
      };
      const watch = watchPolicies(folders, reload, refuse);
      return () => watch.close();
    },
  };
}

interface Prepared {
  readonly policySet: PolicySet;
  readonly decider: Decider;
  readonly packages: readonly string[];
}

function prepare(
  policySet: PolicySet,
  packages: readonly string[] | undefined,
  onError: LoadOptions['onError'],
): Prepared {
  const decider = createDecider(policySet, onError === undefined ? {} : { onError });
  const asked = packages ?? packagesOf(policySet.tree);
  decider.prepare?.(asked);
  return { policySet, decider: cacheDecisions(decider, policySet), packages: asked };
}

/** Packages that have one of the four decisions, in the order of their names. */
function packagesOf(node: RuleNode): readonly string[] {
  if (node.kind !== 'branch') return [];
  const decides = DECISIONS.some((name) => {
    const kind = node.children.get(name)?.kind;
    return kind === 'complete' || kind === 'partial';
  });
  const own = decides && node.path.length > 0 ? [node.path.join('.')] : [];
  return [...own, ...[...node.children.values()].flatMap(packagesOf)].sort();
}

/** Decisions are made at an instant: that of the input, or now. What is no object has none, and is a block. */
function withInstant(input: object): PolicyInput {
  const given = input as Partial<PolicyInput> | null;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return given as PolicyInput;
  if (given.context?.now_ns !== undefined) return given as PolicyInput;
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  return { ...given, context: { ...given.context, now_ns: nowNs } } as PolicyInput;
}

function toPatch(patch: PlainPatch): DataPatch {
  return patch.op === 'remove' ? patch : { ...patch, value: fromPlain(patch.value) };
}
