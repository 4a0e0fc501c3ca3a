/** What a stand-alone module holds besides the engine's own files: the objects of a policy set, its code, and which builtins it calls. */
import { visit } from '../../lang/ast/visit.ts';
import { OPERATOR_BUILTINS } from '../../lang/check/signatures.ts';
import type { CodeWriter } from '../emit/code-writer.ts';
import { nodeAt } from '../interpret/rule-tree.ts';
import type { PolicySet } from '../policy-set.ts';
import { digestOf } from './digest.ts';
import { BUILTIN_FAMILIES, type BuiltinFamily } from './families.ts';
import { type Graph, UnwritableError, writeGraph } from './graph.ts';
import type { ModuleContents } from './open-module.ts';

/** The body of a function that hands code back. */
type WrittenCode = Pick<CodeWriter, 'lines' | 'sites' | 'constants'>;

/** Code, or why the reference has to do. */
export interface WrittenPart {
  readonly code: WrittenCode | undefined;
  readonly interpreted: string | undefined;
  readonly digest: string;
}

export interface WrittenModule {
  readonly graph: Graph;
  readonly decision: WrittenPart;
  /** All that the entrypoints ask for. */
  readonly documents: WrittenPart;
  readonly families: readonly BuiltinFamily[];
}

/** What a module can be asked. */
export interface ModuleContract {
  /** That decide together; none where the module only evaluates. */
  readonly packages: readonly string[];
  /** Paths of documents, as `app/roles`. */
  readonly entrypoints: readonly string[];
}

/** Writes down decisions and documents. Throws `UnwritableError` for what has no text, such as a builtin of the host. */
export function writeModule(policySet: PolicySet, contract: ModuleContract): WrittenModule {
  const { revision, tree, modules, data } = policySet;
  const { callees } = modules;
  const contents: ModuleContents = { ...contract, revision, tree, callees, data };
  const names = calledBuiltins(policySet);
  const ofHost = (policySet.options.builtins ?? []).find(({ name }) => names.has(name));
  if (ofHost !== undefined)
    throw new UnwritableError(`the builtin ${ofHost.name} of the host cannot be written down`);
  const { packages, entrypoints } = contract;
  const nodes = entrypoints.flatMap((path) => nodeAt(tree, path.split('/')) ?? []);
  return {
    graph: writeGraph(contents),
    decision: writtenPart(
      packages.length === 0 ? NOTHING_ASKED : policySet.code.decisionCode(policySet, packages),
    ),
    documents: writtenPart(
      entrypoints.length === 0 ? NOTHING_ASKED : policySet.code.documentsCode(nodes),
    ),
    families: BUILTIN_FAMILIES.filter(({ functions }) =>
      Object.keys(functions).some((name) => names.has(name)),
    ),
  };
}

const NOTHING_ASKED = 'nothing is asked';

function writtenPart(made: { readonly code: WrittenCode } | string): WrittenPart {
  if (typeof made !== 'string')
    return { code: made.code, interpreted: undefined, digest: digestOf(made.code.lines) };
  const interpreted = made === NOTHING_ASKED ? undefined : made;
  return { code: undefined, interpreted, digest: '' };
}

/** Every builtin that evaluating may call; all of them where a `with` could name any. */
function calledBuiltins({ modules, builtins }: PolicySet): ReadonlySet<string> {
  const names = new Set<string>(Object.values(OPERATOR_BUILTINS));
  let replaces = false;
  for (const callee of modules.callees.values())
    if (callee.kind === 'builtin') names.add(callee.name);
  for (const { rules } of modules.modules)
    for (const { rule } of rules)
      visit(rule, {
        With: () => {
          replaces = true;
          return 'stop';
        },
      });
  if (replaces) for (const name of builtins.keys()) names.add(name);
  return names;
}
