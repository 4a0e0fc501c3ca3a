/** Definition: the rules a name of the package, or a path below `data`, means; where a variable gets its value. */
import type { Span } from '../../source.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { rulesMeantBy } from './meant-rules.ts';
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
  const meaning = meaningAt(workspace, document, offset);
  if (meaning?.kind === 'local') {
    const { places } = occurrencesOf(workspace, meaning, document);
    const [found] = places.filter(({ isDefinition }) => isDefinition);
    return found === undefined ? [] : [found];
  }
  return (
    rulesMeantBy(workspace, document, nameAt(document, offset))
      // A module that is older than its text has its rules elsewhere.
      .filter(({ document: { source, moduleSource } }) => source === moduleSource)
      .map((found) => ({ document: found.document, span: found.rule.head.span }))
  );
}
