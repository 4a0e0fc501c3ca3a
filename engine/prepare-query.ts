/** Queries: bodies checked against a policy set, ready to be evaluated any number of times. */
import type { Body, Call } from '../lang/ast/nodes.ts';
import type { Callee } from '../lang/check/checked.ts';
import { checkQuery } from '../lang/check/query.ts';
import type { Diagnostic } from '../lang/diagnostic.ts';
import { parseQuery } from '../lang/parse.ts';
import type { Source } from '../lang/source.ts';
import { checkOptions } from './compile-options.ts';
import type { PolicySet } from './policy-set.ts';

export interface PreparedQuery {
  readonly body: Body;
  readonly callees: ReadonlyMap<Call, Callee>;
  /** Variable of the checked body → name in the text. */
  readonly names: ReadonlyMap<string, string>;
}

/** Checks a query such as `data.access.allow = x; x == true`; `query` is undefined when a diagnostic is an error. */
export function prepareQuery(
  policySet: PolicySet,
  text: string,
): { readonly query: PreparedQuery | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const source: Source = { name: '<query>', text };
  const { body, diagnostics } = parseQuery(source);
  if (body === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    return { query: undefined, diagnostics };
  }
  const options = checkOptions(policySet.signatures, policySet.options);
  const checked = checkQuery(source, body, policySet.modules, options);
  const all = [...diagnostics, ...checked.diagnostics];
  if (checked.query === undefined) return { query: undefined, diagnostics: all };
  const { callees, originalNames } = checked.query;
  return { query: { body: checked.query.body, callees, names: originalNames }, diagnostics: all };
}
