/** References and highlights: where the rule or variable under the cursor is written. */
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { meaningAt, type Occurrence, occurrencesOf } from './occurrence.ts';

/** Every place of what stands at an offset, in the order of the files. */
export function referencesAt(
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
  withDefinitions: boolean,
): readonly Occurrence[] {
  const meaning = meaningAt(workspace, document, offset);
  if (meaning === undefined) return [];
  return occurrencesOf(workspace, meaning, document).places.filter(
    ({ isDefinition }) => withDefinitions || !isDefinition,
  );
}

/** The places in the same document. */
export function highlightsAt(
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): readonly Occurrence[] {
  return referencesAt(workspace, document, offset, true).filter(
    (found) => found.document === document,
  );
}
