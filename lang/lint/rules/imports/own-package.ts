/**
 * A module imports its own package.
 */

import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/imports/own-package.md. */
export const ownPackage: LintRule = {
  id: 'imports/own-package',
  level: 'warning',
  help: 'use the names of the package as they are',
  check: ({ report, module }) => ({
    Import: ({ path, span }) => {
      const home = module.package.path;
      const isOwn =
        path.length > home.length &&
        path[0] === 'data' &&
        home.every((part, at) => path[at + 1] === part);
      if (isOwn) report(span, 'this is the package of the module');
    },
  }),
};
