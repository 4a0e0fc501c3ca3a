/** Names a rule cannot have. */
import type { Module } from '../ast/nodes.ts';
import type { Source } from '../source.ts';
import type { Report } from './report.ts';

/** Reports rules named like a document. */
export function checkRuleNames(module: Module, source: Source, report: Report): void {
  for (const rule of module.rules) {
    const { head } = rule.head.ref;
    if (head.kind === 'Var' && (head.name === 'input' || head.name === 'data')) {
      report.error(
        'check/shadowed-document',
        source,
        head.span,
        `a rule cannot be named \`${head.name}\``,
        {
          help: 'choose another name',
        },
      );
    }
  }
}
