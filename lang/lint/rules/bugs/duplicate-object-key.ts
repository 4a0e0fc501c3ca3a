/**
 * An object has one key twice.
 */
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/bugs/duplicate-object-key.md. */
export const duplicateObjectKey: LintRule = {
  id: 'bugs/duplicate-object-key',
  level: 'error',
  help: 'keep one of the two',
  check: ({ report }) => ({
    Object: ({ entries }) => {
      const seen = new Set<string>();
      for (const { key } of entries) {
        if (key.kind !== 'String') continue;
        if (seen.has(key.value)) report(key.span, `the key \`${key.value}\` stands here twice`);
        seen.add(key.value);
      }
      return undefined;
    },
  }),
};
