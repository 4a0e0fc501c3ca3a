/**
 * An address or a host is judged by an ending that begins in the middle of a name.
 */
import { calledName } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/security/suffix-without-boundary.md. */
export const suffixWithoutBoundary: LintRule = {
  id: 'security/suffix-without-boundary',
  level: 'error',
  help: 'begin the ending with `@` for an address, with `.` for a host',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Call: (call, ancestors) => {
      const [subject, suffix] = call.args;
      if (calledName(call) !== 'endswith' || subject === undefined || suffix?.kind !== 'String')
        return;
      const path = inputPath(subject, ancestors) ?? '';
      if (/\.(email|host)$/.test(path) && !/^[@.]/.test(suffix.value))
        report(suffix.span, `\`not-${suffix.value}\` ends like this too`);
    },
  }),
};
