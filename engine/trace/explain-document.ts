/**
 * Why a document is what it is: every definition of the rules at and below its place, tried by itself; those that hold with what they
 * found, those that do not with the first expression that failed.
 */
import type { EvaluationOptions } from '../evaluate.ts';
import { nodeAt, type RuleNode } from '../interpret/rule-tree.ts';
import type { PolicySet } from '../policy-set.ts';
import { startInquiry } from './inquire.ts';
import type { RuleOutcome } from './outcome.ts';
import { conditionLines, failureLines } from './outcome-text.ts';
import { readRule } from './read-rule.ts';
import { tryPlanned } from './try-planned.ts';

/** Rules that are explained where a whole package is asked. */
const MAX_RULES = 50;

/** The rules at the place, or at the nearest one above it that has any; none where there is only data. */
export function explainDocument(
  policySet: PolicySet,
  path: readonly string[],
  options: EvaluationOptions,
): readonly RuleOutcome[] {
  const { inquiry, machine, world } = startInquiry(policySet, options);
  const nodes = rulesAt(policySet.tree, path).slice(0, MAX_RULES);
  const tryRule = tryPlanned(policySet, nodes, options, world);
  return nodes.map((node) =>
    readRule(inquiry, { machine, world }, node, undefined, false, tryRule),
  );
}

function rulesAt(tree: RuleNode, path: readonly string[]): readonly RuleNode[] {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(tree, path.slice(0, length));
    if (node !== undefined && node.kind !== 'branch') return node.kind === 'function' ? [] : [node];
    if (node !== undefined && length === path.length) return rulesBelow(node);
  }
  return [];
}

function rulesBelow(node: RuleNode): readonly RuleNode[] {
  const below = [...node.children.values()].filter(({ kind }) => kind !== 'function');
  const own = node.kind === 'branch' ? [] : [node];
  return [...own, ...below.flatMap(rulesBelow)];
}

/** The outcomes as lines of text. */
export function documentExplanationLines(outcomes: readonly RuleOutcome[]): readonly string[] {
  return outcomes.flatMap(({ name, definitions, omitted }) => {
    const lines = definitions.flatMap((definition) => {
      const at = `${name} (${definition.file}:${definition.line})`;
      if (definition.outcome === 'error') return [`${at} fails`, `  ${definition.message ?? ''}`];
      if (definition.outcome === 'fails') {
        return [`${at} does not hold`, ...failureLines(definition, '  ')];
      }
      const values = definition.values.map((value) => `  ${value}`);
      return [`${at} holds`, ...values, ...conditionLines(definition, '  ')];
    });
    return omitted === 0 ? lines : [...lines, `and ${omitted} more definitions of ${name}`];
  });
}
