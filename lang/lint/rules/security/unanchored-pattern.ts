/**
 * A pattern that allows matches anywhere in the text.
 */
import { defines } from '../../decision-member.ts';
import { calledName, ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/unanchored-pattern.md. */
export const unanchoredPattern: LintRule = {
  id: 'security/unanchored-pattern',
  level: 'error',
  help: 'begin the pattern with `^` and end it with `$`, around all of its alternatives',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Call: (call, ancestors) => {
      const rule = ruleAround(ancestors);
      const [pattern, subject] = call.args;
      if (calledName(call) !== 'regex.match' || rule === undefined || !defines(rule, 'allow'))
        return;
      const isDenied = ancestors.some(({ kind }) => kind === 'Not');
      if (pattern?.kind !== 'String' || subject === undefined || isDenied) return;
      if (inputPath(subject, ancestors) !== undefined && !isAnchored(pattern.value))
        report(pattern.span, 'this pattern also matches a part of a longer text');
    },
  }),
};

/** Whether the pattern, and every alternative of it, begins and ends where the text does. */
function isAnchored(pattern: string): boolean {
  const outside = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  let flat = outside;
  for (let before = ''; before !== flat; ) {
    before = flat;
    flat = flat.replace(/\([^()]*\)/g, (group) => (group.includes('$') ? '$' : ''));
  }
  return flat.split('|').every((part) => /^(\^)/.test(part) && /\$$/.test(part));
}
