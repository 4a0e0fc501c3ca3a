/**
 * A header is asked for by a name with capitals.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/header-not-lower-case.md. */
export const headerNotLowerCase: LintRule = {
  id: 'bugs/header-not-lower-case',
  level: 'error',
  help: 'write the name in lower case',
  check: ({ report, inputPath }) => ({
    Ref: (ref, ancestors) => {
      const name =
        /^input\.action\.http\.headers\.([^.[]*)/.exec(inputPath(ref, ancestors) ?? '')?.[1] ?? '';
      if (name !== name.toLowerCase()) report(ref.span, `no header is named \`${name}\``);
    },
  }),
};
