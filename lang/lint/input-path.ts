/**
 * Which part of the input a term stands for: references, and variables that are bound to one once in their rule. A variable with two
 * meanings has none here, so that no rule claims what may not be so.
 */
import type { Module, Node, Rule, Term } from '../ast/nodes.ts';
import { visit } from '../ast/visit.ts';
import { throughImports } from './reach.ts';

/** How far a chain of variables is followed. */
const MAX_STEPS = 8;

interface Binding {
  readonly term: Term;
  /** The variable is a member of the term's value, not the value. */
  readonly isMember: boolean;
}

/** The path of a term of the rule, such as `input.action.sql.statements[].class`; undefined for what is no part of the input. */
export function inputPathsOf(rule: Rule, module: Module): (node: Node) => string | undefined {
  const bindings = bindingsOf(rule);
  const pathOf = (node: Node, steps: number): string | undefined => {
    if (steps > MAX_STEPS) return undefined;
    if (node.kind === 'Var') {
      const binding = bindings.get(node.name);
      if (binding === undefined) return rootPath(node.name, module);
      const path = pathOf(binding.term, steps + 1);
      return path !== undefined && binding.isMember ? `${path}[]` : path;
    }
    if (node.kind !== 'Ref') return undefined;
    const head = pathOf(node.head, steps + 1);
    return head === undefined
      ? undefined
      : node.path.reduce(
          (path, { term }) => (term.kind === 'String' ? `${path}.${term.value}` : `${path}[]`),
          head,
        );
  };
  return (node) => pathOf(node, 0);
}

function rootPath(name: string, module: Module): string | undefined {
  const names = throughImports([name], module);
  return names[0] === 'input' ? names.join('.') : undefined;
}

function bindingsOf(rule: Rule): ReadonlyMap<string, Binding | undefined> {
  const bindings = new Map<string, Binding>();
  const unclear = new Set<string>();
  const bind = (target: Term | undefined, term: Term | undefined, isMember: boolean): void => {
    if (target?.kind !== 'Var') return;
    if (bindings.has(target.name) || term === undefined) unclear.add(target.name);
    else bindings.set(target.name, { term, isMember });
  };
  for (const param of rule.head.params ?? []) bind(param, undefined, false);
  visit(rule, {
    Assign: ({ target, value }) => void bind(target, value, false),
    SomeIn: ({ key, value, collection }) => {
      bind(key, undefined, false);
      bind(value, collection, true);
      return undefined;
    },
    Every: ({ key, value, domain }) => {
      bind(key, undefined, false);
      bind(value, domain, true);
      return undefined;
    },
  });
  for (const name of unclear) bindings.delete(name);
  return bindings;
}
