/** Definition: the rules a name of the package, or a path below `data`, means; where a variable gets its value. */

import { headName } from '../../lint/lint-index.ts';
import { throughImports } from '../../lint/reach.ts';
import type { Span } from '../../source.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { meaningAt, occurrencesOf } from './occurrence.ts';
import { nameAt } from './place.ts';

export interface Definition {
  readonly document: PolicyDocument;
  readonly span: Span;
}

/** Every rule that is meant at an offset. */
export function definitionsAt(
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): readonly Definition[] {
  const { module } = document;
  const meaning = meaningAt(workspace, document, offset);
  if (meaning?.kind === 'local') {
    const { places } = occurrencesOf(workspace, meaning, document);
    const [found] = places.filter(({ isDefinition }) => isDefinition);
    return found === undefined ? [] : [found];
  }
  const name = nameAt(document, offset);
  if (name === '' || module === undefined) return [];
  const written = throughImports(name.split('.'), module);
  const path =
    written[0] === 'data' ? written.slice(1) : [...module.package.path, written[0] ?? ''];
  return [...workspace.documents.values()].flatMap((other) => {
    const home = other.module?.package.path ?? [];
    if (home.length >= path.length || !home.every((part, at) => path[at] === part)) return [];
    // A module that is older than its text has its rules elsewhere.
    if (other.moduleSource !== other.source) return [];
    return (other.module?.rules ?? [])
      .filter((rule) => headName(rule) === path[home.length])
      .map((rule) => ({ document: other, span: rule.head.span }));
  });
}
