/**
 * Rename: a new name for a rule in the whole workspace, or for a variable in its rule. It is refused wherever the new text could mean
 * something else than the old.
 */
import { visit } from '../../ast/visit.ts';
import { headName } from '../../lint/lint-index.ts';
import { localNames } from '../../lint/locals.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { KEYWORD_NAMES } from './keywords.ts';
import { type Meaning, meaningAt, type Occurrence, occurrencesOf } from './occurrence.ts';

export type Renaming =
  | { readonly kind: 'renamed'; readonly places: readonly Occurrence[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** The places to write the new name in. */
export function renameAt(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
  newName: string,
): Renaming {
  if (!/^[A-Za-z_]\w*$/.test(newName) || newName === '_')
    return refused(`\`${newName}\` is no name`);
  if (KEYWORD_NAMES.includes(newName) || newName === 'input' || newName === 'data')
    return refused(`\`${newName}\` is a word of the language`);
  const meaning = meaningAt(workspace, document, offset);
  if (meaning === undefined) return refused('only rules and variables of a policy can be renamed');
  const old = meaning.kind === 'local' ? meaning.name : (meaning.path.at(-1) ?? '');
  if (meaning.kind === 'rule' && host.decisionNames.has(old))
    return refused(`the gateway reads \`${old}\` by its name`);
  const { places, unnamed } = occurrencesOf(workspace, meaning, document);
  const [hidden] = unnamed;
  if (hidden !== undefined) {
    const { line } = hidden.document.map.placeAt(hidden.span.start);
    return refused(
      `\`${old}\` is read without its name in ${hidden.document.source.name}:${line + 1}`,
    );
  }
  const touched = new Set(places.map((place) => place.document));
  for (const one of workspace.documents.values()) {
    if (one.faults.length > 0 && one.source.text.includes(old))
      return refused(`${one.source.name} has faults of syntax`);
  }
  for (const one of touched) {
    const reason = clash(host, one, meaning, old, newName);
    if (reason !== undefined) return refused(reason);
  }
  return { kind: 'renamed', places };
}

function refused(reason: string): Renaming {
  return { kind: 'refused', reason };
}

/** Why a document would not mean the same afterwards. */
function clash(
  host: ServerHost,
  { module, source }: PolicyDocument,
  meaning: Meaning,
  old: string,
  newName: string,
): string | undefined {
  if (module === undefined) return undefined;
  const builtinRoots = new Set(
    [...host.checkOptions.builtins.keys()].map((name) => name.split('.')[0]),
  );
  if (builtinRoots.has(newName)) return `\`${newName}\` is a builtin`;
  let isTaken = false;
  for (const one of [...module.rules, ...module.imports])
    visit(one, {
      Var: ({ name }) => {
        if (name === newName) isTaken = true;
        return undefined;
      },
    });
  isTaken ||= module.imports.some(({ path }) => path.at(-1) === newName);
  if (isTaken) return `\`${newName}\` is used in ${source.name} already`;
  const isGlobal =
    module.rules.some((rule) => headName(rule) === old) ||
    module.imports.some(({ path, alias }) => (alias?.name ?? path.at(-1)) === old);
  const isLocal =
    meaning.kind === 'local' || module.rules.some((rule) => localNames(rule).has(old));
  if (isGlobal && isLocal)
    return `\`${old}\` is a rule and a variable in ${source.name}; they cannot be told apart surely`;
  return undefined;
}
