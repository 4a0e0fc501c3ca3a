/**
 * Why a decision is what it is: every definition of the four documents of the packages that guard the resource, tried by itself;
 * those that hold with what they found, those that do not with the first expression that failed.
 */
import type { Decision } from '../contract/decision.ts';
import type { PolicyInput } from '../contract/input.ts';
import { createDecider, type DeciderOptions } from '../decide.ts';
import { type NodeKind, nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import type { PolicySet } from '../policy-set.ts';
import { startInquiry, titleOfPackage } from './inquire.ts';
import type { DefinitionOutcome, RuleOutcome } from './outcome.ts';
import { readRule } from './read-rule.ts';
import { tryPlanned } from './try-planned.ts';

const DOCUMENTS = ['allow', 'block', 'require_approval', 'mask'] as const;
export type DocumentName = (typeof DOCUMENTS)[number];
/** Definitions of one document that are told with the rules they ask, whether they hold or not. */
const MOST_FULL = 12;

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

export interface ExplainOptions extends DeciderOptions {
  /** Definitions of one document that are told although they do not hold: twelve, and those beyond are counted. */
  readonly most?: number;
}

/** Decides, then explains by evaluations of their own: of the plan, but with `engine: 'interpret'`. Never throws for what the policies do. */
export function explainDecision(
  policySet: PolicySet,
  policies: readonly string[],
  input: PolicyInput,
  options: ExplainOptions = {},
): Explanation {
  const decision = createDecider(policySet, options).decide(policies, input);
  const nodes = policies.map((name) => documentsOf(policySet, name));
  const evaluation = { ...options, input, nowNs: BigInt(input.context.now_ns) };
  const { inquiry, machine, world } = startInquiry(policySet, evaluation);
  const defined = nodes.flat().filter((node) => node !== undefined);
  const tryRule =
    options.engine === 'interpret' ? undefined : tryPlanned(policySet, defined, evaluation, world);
  const bounds = { full: MOST_FULL, told: options.most ?? MOST_FULL };
  const packages = policies.map((name, at) => ({
    name,
    title: titleOf(policySet, name),
    documents: DOCUMENTS.map((document, place): DocumentExplanation => {
      const node = nodes[at]?.[place];
      if (node === undefined)
        return { name: document, isDefined: false, definitions: [], omitted: 0 };
      const scope = { machine, world };
      const read = readRule(inquiry, scope, node, undefined, false, tryRule, bounds);
      return { name: document, isDefined: true, ...pickDefinitions(read) };
    }),
  }));
  return { decision, packages };
}

function pickDefinitions({ definitions, omitted }: RuleOutcome) {
  return { definitions, omitted };
}

function documentsOf(policySet: PolicySet, name: string): readonly (RuleNode | undefined)[] {
  return DOCUMENTS.map((document) => {
    const node = nodeAt(policySet.tree, [...name.split('.'), document]);
    return node !== undefined && isDocument(node.kind) ? node : undefined;
  });
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
