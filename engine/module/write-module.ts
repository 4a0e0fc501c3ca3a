/** What a stand-alone module holds besides the engine's own files: the objects of a policy set, its code, and which builtins it calls. */
import { visit } from '../../lang/ast/visit.ts';
import { OPERATOR_BUILTINS } from '../../lang/check/signatures.ts';
import type { CodeWriter } from '../emit/code-writer.ts';
import type { PolicySet } from '../policy-set.ts';
import { BUILTIN_FAMILIES, type BuiltinFamily } from './families.ts';
import { type Graph, UnwritableError, writeGraph } from './graph.ts';
import { digestOf, type ModuleContents } from './open-module.ts';

export interface WrittenModule {
  readonly graph: Graph;
  /** The body of the function that makes the decision; undefined where the reference decides. */
  readonly code: Pick<CodeWriter, 'lines' | 'sites' | 'constants'> | undefined;
  /** Why the reference decides, where there is no code. */
  readonly interpreted: string | undefined;
  readonly digest: string;
  readonly families: readonly BuiltinFamily[];
}

/** Writes down decisions by these packages. Throws `UnwritableError` for what has no text, such as a builtin of the host. */
export function writeModule(policySet: PolicySet, packages: readonly string[]): WrittenModule {
  const { revision, tree, modules, data } = policySet;
  const contents: ModuleContents = { revision, packages, tree, callees: modules.callees, data };
  const names = calledBuiltins(policySet);
  const ofHost = (policySet.options.builtins ?? []).find(({ name }) => names.has(name));
  if (ofHost !== undefined)
    throw new UnwritableError(`the builtin ${ofHost.name} of the host cannot be written down`);
  const made = policySet.code.decisionCode(policySet, packages);
  const written = typeof made === 'string' ? undefined : made;
  return {
    graph: writeGraph(contents),
    code: written?.code,
    interpreted: typeof made === 'string' ? made : undefined,
    digest: written === undefined ? '' : digestOf(written.code.lines),
    families: BUILTIN_FAMILIES.filter(({ functions }) =>
      Object.keys(functions).some((name) => names.has(name)),
    ),
  };
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
