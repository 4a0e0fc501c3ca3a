/** The rules that a dotted name in a module means, in all documents of the workspace. */
import type { Rule } from '../../ast/nodes.ts';
import { headName } from '../../lint/lint-index.ts';
import { throughImports } from '../../lint/reach.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';

export interface MeantRule {
  readonly document: PolicyDocument;
  readonly rule: Rule;
}

/** The place below `data` that a name stands for in a document; undefined for a part of the input. */
export function dataPathOf(
  { module }: PolicyDocument,
  name: string,
): readonly string[] | undefined {
  if (module === undefined || name === '') return undefined;
  const written = throughImports(name.split('.'), module);
  if (written[0] === 'input') return undefined;
  return written[0] === 'data' ? written.slice(1) : [...module.package.path, ...written];
}

/** Every definition of the rule that a name means or lies in, in the order of the files. */
export function rulesMeantBy(
  workspace: Workspace,
  document: PolicyDocument,
  name: string,
): readonly MeantRule[] {
  const path = dataPathOf(document, name);
  if (path === undefined) return [];
  return [...workspace.documents.values()].flatMap((other) => {
    const home = other.module?.package.path ?? [];
    if (home.length >= path.length || !home.every((part, at) => path[at] === part)) return [];
    return (other.module?.rules ?? [])
      .filter((rule) => headName(rule) === path[home.length])
      .map((rule) => ({ document: other, rule }));
  });
}
