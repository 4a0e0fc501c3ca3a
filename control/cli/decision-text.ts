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
  for (const { code, approvers, quorum, scope, rule } of decision.approvals) {
    const who = [...approvers.groups, ...approvers.subjects].join(', ') || 'nobody';
    lines.push(`  approval ${code}: ${quorum} of ${who}, for one ${scope}${placeOf(rule)}`);
  }
  for (const mask of decision.masks) {
    const place = mask.column ?? mask.field ?? mask.detector ?? mask.header ?? '';
    lines.push(`  mask ${mask.code}: ${place} with ${mask.with}${placeOf(mask.rule)}`);
  }
  lines.push(`  policies ${decision.revision}`);
  return lines.join('\n');
}

function placeOf(rule: RuleLocation | undefined): string {
  return rule === undefined ? '' : `  (${rule.package}.${rule.name}, ${rule.file}:${rule.line})`;
}
