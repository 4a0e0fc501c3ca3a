/**
 * Queries: the body of a rule in a package nobody can name, checked together with the policy set it asks.
 */
import type { Body, Module, Rule } from '../lang/ast/nodes.ts';
import type { CheckedModuleSet } from '../lang/check/checked.ts';
import type { Diagnostic } from '../lang/diagnostic.ts';
import { parseQuery } from '../lang/parse.ts';
import type { Source } from '../lang/source.ts';
import { checkParsed } from './check-policies.ts';
import { buildRuleTree, type RuleNode, withoutPath } from './interpret/rule-tree.ts';
import type { PolicySet } from './policy-set.ts';

/** No text can write this name, so no policy can refer to a query. */
const QUERY_NAME = '$query';

export interface PreparedQuery {
  readonly body: Body;
  /** The policy set's modules and the query's, checked together. */
  readonly modules: CheckedModuleSet;
  /** The rules of these modules without the query itself. */
  readonly tree: RuleNode;
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
  const module = queryModule(body);
  const checked = checkParsed(
    [...policySet.parsed, { source, module }],
    policySet.signatures,
    policySet.options,
  );
  const all = [...diagnostics, ...checked.diagnostics];
  const rule = checked.set?.modules.find((candidate) => candidate.source === source)?.rules[0];
  if (checked.set === undefined || rule?.rule.body === undefined) {
    return { query: undefined, diagnostics: all };
  }
  const tree = withoutPath(buildRuleTree(checked.set), [QUERY_NAME]);
  const query = { body: rule.rule.body, modules: checked.set, tree, names: rule.originalNames };
  return { query, diagnostics: all };
}

function queryModule(body: Body): Module {
  const { span } = body;
  const rule: Rule = {
    kind: 'Rule',
    span,
    isDefault: false,
    head: {
      kind: 'RuleHead',
      span,
      ref: { kind: 'Ref', span, head: { kind: 'Var', span, name: QUERY_NAME }, path: [] },
      params: undefined,
      contains: undefined,
      value: undefined,
      assign: undefined,
    },
    body,
    else: [],
  };
  return {
    kind: 'Module',
    span,
    package: { kind: 'Package', span, path: [QUERY_NAME] },
    imports: [],
    rules: [rule],
    comments: [],
  };
}
