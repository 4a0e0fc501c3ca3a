/**
 * A decision goes by the text of a statement.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

const TEXTS: ReadonlySet<string> = new Set([
  'input.action.text',
  'input.action.sql.statements[].text',
  'input.action.shell.line',
]);

const MATCHING: ReadonlySet<string> = new Set([
  'contains',
  'startswith',
  'endswith',
  'indexof',
  'regex.match',
  'glob.match',
  'strings.any_prefix_match',
  'strings.any_suffix_match',
]);

/** Page: docs/lint/security/statement-text-match.md. */
export const statementTextMatch: LintRule = {
  id: 'security/statement-text-match',
  level: 'warning',
  help: 'ask for what the statement does: its verb, class, tables, columns, functions',
  yieldsTo: ['security/mask-evaded-by-alias'],
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Call: (call, ancestors) => {
      if (!MATCHING.has(calledName(call))) return;
      for (const arg of call.args) {
        const inner =
          arg.kind === 'Call' && /^(lower|upper|trim_space)$/.test(calledName(arg))
            ? arg.args[0]
            : arg;
        if (inner !== undefined && TEXTS.has(inputPath(inner, ancestors) ?? ''))
          report(call.span, 'the text of a statement can be written in endless ways');
      }
    },
  }),
};
