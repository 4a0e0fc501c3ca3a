/**
 * How the base document of a policy set came about: the documents it was read from and the changes made since. A set that is compiled
 * anew from the same documents keeps data and changes; one with other documents starts from these.
 */
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../lang/diagnostic.ts';
import { type DataSource, findRuleConflict, mergeDataDocuments } from './data-documents.ts';
import { type DataPatch, type Patched, patchData, patchText } from './data-patches.ts';
import type { RuleNode } from './interpret/rule-tree.ts';
import { writeJson } from './value/json.ts';
import type { Value } from './value/value.ts';

export interface DataHistory {
  /** The revision without changes to the data. */
  readonly sourceRevision: string;
  readonly sources: readonly DataSource[];
  /** A hash over all changes in their order; undefined when there were none. */
  readonly patches: string | undefined;
}

/** What has data and a history: a policy set. */
export interface WithData {
  readonly data: Value;
  readonly history: DataHistory;
  readonly tree: RuleNode;
  readonly revision: string;
}

export interface OpenedData {
  readonly data: Value;
  readonly diagnostics: readonly Diagnostic[];
  readonly patches: string | undefined;
}

/** The data for `sources`: that of the set before, with its changes, when it was read from the same texts. */
export function openData(
  sources: readonly DataSource[],
  tree: RuleNode,
  previous: WithData | undefined,
): OpenedData {
  if (previous === undefined || !isSame(previous.history.sources, sources)) {
    return { ...mergeDataDocuments(sources, tree), patches: undefined };
  }
  const { data, history } = previous;
  const taken = findRuleConflict(tree, data);
  if (taken === undefined) return { data, diagnostics: [], patches: history.patches };
  const message = `\`data.${taken.path.join('.')}\` is also a rule`;
  const { source, rule } = taken.rule;
  const diagnostic = { code: 'check/data-conflict', severity: 'error', message } as const;
  return {
    data,
    diagnostics: [{ ...diagnostic, source, span: rule.span }],
    patches: history.patches,
  };
}

function isSame(a: readonly DataSource[], b: readonly DataSource[]): boolean {
  const isOther = ({ name, text, at = [] }: DataSource, index: number): boolean => {
    const other = b[index];
    const path = other?.at ?? [];
    return name !== other?.name || text !== other.text || at.join('\0') !== path.join('\0');
  };
  return a.length === b.length && !a.some(isOther);
}

/** The revision of a set whose data were changed. */
export function revisionAfter(sourceRevision: string, patches: string | undefined): string {
  if (patches === undefined) return sourceRevision;
  return `sha256:${createHash('sha256').update(`${sourceRevision}\n${patches}`).digest('hex')}`;
}

/**
 * The set with changed data and a revision of its own; the set that was given stays as it is. A rule and data at one place are a
 * conflict.
 */
export function patchPolicySet<Set extends WithData>(
  policySet: Set,
  patches: readonly DataPatch[],
): { readonly policySet: Set; readonly fault?: never } | Extract<Patched, { data?: never }> {
  const { history, tree } = policySet;
  const patched = patchData(policySet.data, patches);
  if (patched.fault !== undefined) return patched;
  const { data } = patched;
  const taken = findRuleConflict(tree, data);
  if (taken !== undefined) {
    const message = `is also a rule of ${taken.rule.source.name}`;
    return { fault: { kind: 'invalid', path: taken.path, message } };
  }
  const hash = createHash('sha256').update(`${history.patches ?? ''}\n`);
  for (const patch of patches) hash.update(patchText(patch, writeJson));
  const chain = hash.digest('hex');
  const revision = revisionAfter(history.sourceRevision, chain);
  return { policySet: { ...policySet, data, revision, history: { ...history, patches: chain } } };
}
