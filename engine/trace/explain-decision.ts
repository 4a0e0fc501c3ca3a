/**
 * Why a decision is what it is: every definition of the four documents of the packages that guard the resource, tried by itself;
 * those that hold with what they found, those that do not with the first expression that failed.
 */
import type { Decision } from '../contract/decision.ts';
import type { PolicyInput } from '../contract/input.ts';
import { createDecider, type DeciderOptions } from '../decide.ts';
import { type NodeKind, nodeAt } from '../interpret/rule-tree.ts';
import type { PolicySet } from '../policy-set.ts';
import { startInquiry, titleOfPackage } from './inquire.ts';
import type { DefinitionOutcome } from './outcome.ts';
import { readRule } from './read-rule.ts';

const DOCUMENTS = ['allow', 'block', 'require_approval', 'mask'] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

/** One document of a package; `isDefined` is false where the package does not have it. */
export interface DocumentExplanation {
  readonly name: DocumentName;
  readonly isDefined: boolean;
  readonly definitions: readonly DefinitionOutcome[];
  readonly omitted: number;
}

export interface PackageExplanation {
  readonly name: string;
  /** The title of its METADATA. */
  readonly title: string | undefined;
  readonly documents: readonly DocumentExplanation[];
}

export interface Explanation {
  readonly decision: Decision;
  readonly packages: readonly PackageExplanation[];
}

/** Decides, then explains by evaluations of their own. Never throws for what the policies do. */
export function explainDecision(
  policySet: PolicySet,
  policies: readonly string[],
  input: PolicyInput,
  options: DeciderOptions = {},
): Explanation {
  const decision = createDecider(policySet, options).decide(policies, input);
  const packages = policies.map((name) => ({
    name,
    title: titleOf(policySet, name),
    documents: DOCUMENTS.map((document) =>
      explainDocument(policySet, name, document, input, options),
    ),
  }));
  return { decision, packages };
}

function explainDocument(
  policySet: PolicySet,
  packageName: string,
  name: DocumentName,
  input: PolicyInput,
  options: DeciderOptions,
): DocumentExplanation {
  const node = nodeAt(policySet.tree, [...packageName.split('.'), name]);
  if (node === undefined || !isDocument(node.kind)) {
    return { name, isDefined: false, definitions: [], omitted: 0 };
  }
  const { inquiry, machine, world } = startInquiry(policySet, {
    ...options,
    input,
    nowNs: BigInt(input.context.now_ns),
  });
  const { definitions, omitted } = readRule(inquiry, { machine, world }, node, undefined, false);
  return { name, isDefined: true, definitions, omitted };
}

function isDocument(kind: NodeKind): boolean {
  return kind === 'complete' || kind === 'partial';
}

/** The title of the first module of the package that has one. */
function titleOf(policySet: PolicySet, name: string): string | undefined {
  for (const { rules } of policySet.modules.modules) {
    const [rule] = rules;
    if (rule?.package.join('.') !== name) continue;
    const title = titleOfPackage(policySet, rule);
    if (title !== undefined) return title;
  }
  return undefined;
}
