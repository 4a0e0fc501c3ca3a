/**
 * What a rule depends on: the input paths that it, and the rules it refers to, read. What cannot be followed is told, so that
 * no rule of the linter claims an absence it cannot see.
 */
import type { Module, Node, Rule } from '../ast/nodes.ts';
import { visit } from '../ast/visit.ts';
import type { LintIndex } from './lint-index.ts';

export interface Reach {
  /** Paths such as `input.identity.kind`; `input` alone is the whole document. */
  readonly paths: ReadonlySet<string>;
  /** It refers to data that is not among the modules. */
  readonly isOpaque: boolean;
}

/** The leading names of a reference, or the name of a variable; undefined for anything else. */
export function namesOf(node: Node): readonly string[] | undefined {
  if (node.kind === 'Var') return [node.name];
  if (node.kind !== 'Ref' || node.head.kind !== 'Var') return undefined;
  const names = [node.head.name];
  for (const { term } of node.path) {
    if (term.kind !== 'String') break;
    names.push(term.value);
  }
  return names;
}

/** The input paths a node reads, followed through the rules of the linted modules. */
export function reachOf(root: Node, home: Module, index: LintIndex): Reach {
  const paths = new Set<string>();
  const seen = new Set<Rule>();
  let isOpaque = false;
  const follow = (node: Node, module: Module): void => {
    visit(node, {
      enter: (inner, ancestors) => {
        const parent = ancestors.at(-1);
        if (parent?.kind === 'RuleHead' && inner === parent.ref) return 'skip';
        if (inner.kind === 'Var' && parent?.kind === 'Ref' && parent.head === inner)
          return undefined;
        const written = namesOf(inner);
        if (written === undefined) return undefined;
        const names = throughImports(written, module);
        if (names[0] === 'input') paths.add(names.join('.'));
        else if (names[0] === 'data') {
          const found = index.rulesAt(names.slice(1));
          if (found.length === 0) isOpaque = true;
          for (const { rule, module: owner } of found) enterRule(rule, owner);
        } else {
          const full = [...module.package.path, names[0] ?? ''];
          for (const { rule, module: owner } of index.rulesAt(full)) enterRule(rule, owner);
        }
        return undefined;
      },
    });
  };
  const enterRule = (rule: Rule, owner: Module): void => {
    if (seen.has(rule)) return;
    seen.add(rule);
    follow(rule, owner);
  };
  follow(root, home);
  return { paths, isOpaque };
}

/** Whether the path, anything below it, or a document that holds it is read. */
export function reads({ paths, isOpaque }: Reach, path: string): boolean {
  return (
    isOpaque ||
    [...paths].some(
      (one) => one === path || one.startsWith(`${path}.`) || path.startsWith(`${one}.`),
    )
  );
}

/** The names with an imported first one written out. */
export function throughImports(names: readonly string[], module: Module): readonly string[] {
  const [first = '', ...others] = names;
  const found = module.imports.find(
    ({ alias, path }) =>
      (path[0] === 'data' || path[0] === 'input') && (alias?.name ?? path.at(-1)) === first,
  );
  return found === undefined ? names : [...found.path, ...others];
}
