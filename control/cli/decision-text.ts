/** A decision as a terminal or an editor shows it: effect, reasons, approvals, masks and the revision, each with its rule. */
import type { Decision, RuleLocation } from '../../engine/contract/decision.ts';
import type { ActionInput } from '../../engine/contract/input.ts';

const EFFECTS: Readonly<Record<Decision['effect'], string>> = {
  allow: 'ALLOWED',
  block: 'BLOCKED',
  require_approval: 'NEEDS APPROVAL',
};

/** The lines of a decision about an action; the text of policies in it is not made harmless. */
export function decisionText(
  decision: Decision,
  { verb, class: actionClass }: Pick<ActionInput, 'verb' | 'class'>,
): string {
  const lines = [`${EFFECTS[decision.effect]}  ${verb} (${actionClass})`];
  for (const { code, reason, rule } of decision.reasons)
    lines.push(`  ${code}: ${reason}${placeOf(rule)}`);
  // No approval lets a blocked action pass, and nothing of it comes back that could be masked.
  if (decision.effect !== 'block')
    lines.push(...decision.approvals.map(approvalLine), ...maskLines(decision.masks));
  lines.push(`  policies ${decision.revision}`);
  return lines.join('\n');
}

function approvalLine({
  code,
  approvers,
  quorum,
  scope,
  rule,
}: Decision['approvals'][number]): string {
  const who = [...approvers.groups, ...approvers.subjects].join(', ') || 'nobody';
  return `  approval ${code}: ${quorum} of ${who}, for one ${scope}${placeOf(rule)}`;
}

/** Masks of one rule and one method stand on one line. */
function maskLines(masks: Decision['masks']): readonly string[] {
  const alike = Map.groupBy(
    masks,
    (mask) => `${mask.code}: … with ${mask.with}${placeOf(mask.rule)}`,
  );
  return [...alike].map(([text, found]) => {
    const places = found.map(
      ({ column, field, detector, header }) => column ?? field ?? detector ?? header,
    );
    return `  mask ${text.replace('…', () => places.join(', '))}`;
  });
}

function placeOf(rule: RuleLocation | undefined): string {
  return rule === undefined ? '' : `  (${rule.package}.${rule.name}, ${rule.file}:${rule.line})`;
}
