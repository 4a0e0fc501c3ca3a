/** How a function is called: the parameters of a builtin from its declaration, those of a rule from its head and its inferred type. */
import { declaredType } from '../../types/declarations.ts';
import { printType } from '../../types/print.ts';
import { stringKey, type Type } from '../../types/type.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { dataPathOf, rulesMeantBy } from './meant-rules.ts';

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Undefined for a builtin that yields nothing. */
  readonly result: string | undefined;
  /** What a builtin does. */
  readonly description?: string | undefined;
}

export interface Parameter {
  /** Empty where the declaration has none. */
  readonly name: string;
  readonly type: string;
}

/** `startswith(search: string, base: string) => boolean`. */
export function printSignature({ name, parameters, result }: Signature): string {
  const shown = parameters.map(printParameter).join(', ');
  return `${name}(${shown})${result === undefined ? '' : ` => ${result}`}`;
}

/** `search: string`. */
export function printParameter({ name, type }: Parameter): string {
  return name === '' ? type : `${name}: ${type}`;
}

/** The signature of a builtin; undefined where there is none of that name. */
export function builtinSignature(host: ServerHost, name: string): Signature | undefined {
  const builtin = host.checkOptions.builtins.get(name);
  if (builtin === undefined) return undefined;
  return {
    name,
    parameters: builtin.args.map((arg) => ({
      name: typeof arg['name'] === 'string' ? arg['name'] : '',
      type: printType(declaredType(arg)),
    })),
    result: builtin.result && printType(declaredType(builtin.result)),
    description: host.describeBuiltin(name),
  };
}

/** What can be called by a name in a document: a builtin, or the first definition of a function of the policies. */
export function signatureOf(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  name: string,
): Signature | undefined {
  const [found] = rulesMeantBy(workspace, document, name).filter(
    ({ rule }) => rule.head.params !== undefined,
  );
  if (found === undefined) return builtinSignature(host, name);
  const path = dataPathOf(document, name) ?? [];
  const type = typeAt(workspace, document, path);
  const types = type?.kind === 'function' ? type : undefined;
  const { text } = found.document.moduleSource;
  return {
    name,
    parameters: (found.rule.head.params ?? []).map(({ span }, at) => ({
      name: text.slice(span.start, span.end),
      type: printType(types?.args[at]),
    })),
    result: printType(types?.result),
  };
}

/** What is known of a place below `data`; undefined where no rule stands. */
export function typeAt(
  workspace: Workspace,
  document: PolicyDocument,
  path: readonly string[],
): Type | undefined {
  let node = workspace.checkNear(document).types.environment.tree;
  for (const part of ['data', ...path]) {
    const next = node.child(stringKey(part));
    if (next === undefined) return undefined;
    node = next;
  }
  return node.extent();
}
