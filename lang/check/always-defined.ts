/**
 * Which rules OPA takes to have a value whatever the input: a template does not guard a reference to one against being undefined.
 * OPA looks at the rules as they are written, and takes a collection without variables for a constant even where it holds
 * references and calls; where one of these is undefined, so is the whole template (`isRefToKnownDefinedRule` of OPA 1.21).
 */
import type { Node, Term } from '../ast/nodes.ts';
import { visit } from '../ast/visit.ts';
import type { Source } from '../source.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';
import { findKeys, termKey } from './rule-tree.ts';

/** Is a name, in the text of a module, that of a rule or an import? Undefined where rules are known in compiled form only. */
export type IsGlobalName = (source: Source, name: string) => boolean;

/**
 * - `always`: the rule has a value in every evaluation: a default, a set, or a constant
 * - `assumed`: OPA takes it for a constant, but what its value holds may be undefined
 * - `open`: it may be undefined
 */
export type Definedness = 'always' | 'assumed' | 'open';

/**
 * What OPA makes of the rule at exactly this path.
 * @param keys the path below `data`, as keys of `termKey`
 */
export function definednessOf(
  root: RuleNode,
  keys: readonly string[],
  isGlobalName: IsGlobalName | undefined,
): Definedness {
  const entries = findKeys(root, keys)?.entries ?? [];
  const [first, second] = entries;
  if (!first || first.isFunction) return 'open';
  if (first.isMulti || entries.some((entry) => entry.rule.isDefault)) return 'always';
  return second === undefined ? definednessAlone(first, isGlobalName) : 'open';
}

function definednessAlone(
  { rule, source }: RuleEntry,
  isGlobalName: IsGlobalName | undefined,
): Definedness {
  const [only, more] = rule.body?.literals ?? [];
  if (rule.head.ref.path.some((segment) => termKey(segment.term) === undefined)) return 'open';
  if (more) return 'open';
  if (only && !(only.expr.kind === 'TermExpr' && isTrue(only.expr.term))) return 'open';
  const { value } = rule.head;
  if (value === undefined || isGround(value)) return 'always';
  if (value.kind !== 'Array' && value.kind !== 'Set' && value.kind !== 'Object') return 'open';
  return isGlobalName && isWithoutVars(value, source, isGlobalName) ? 'assumed' : 'open';
}

/** Is the term a value as it stands? */
function isGround(term: Term): boolean {
  if (termKey(term) !== undefined) return true;
  if (term.kind === 'Array' || term.kind === 'Set') return term.items.every(isGround);
  if (term.kind !== 'Object') return false;
  return term.entries.every((entry) => isGround(entry.key) && isGround(entry.value));
}

function isTrue(term: Node): boolean {
  return term.kind === 'Boolean' && term.value;
}

/** Is there nothing in a collection whose value depends on variables? */
function isWithoutVars(value: Term, source: Source, isGlobalName: IsGlobalName): boolean {
  return visit(value, {
    Var(node, ancestors) {
      const { name } = node;
      const parent = ancestors.at(-1);
      if (parent?.kind === 'Ref' && parent.head === node) return undefined;
      if (name === 'data' || name === 'input') return undefined;
      return isGlobalName(source, name) ? undefined : 'stop';
    },
    TemplateString: () => 'stop',
  });
}
