/**
 * A class of action or statement is compared with a name that no class has.
 */
import { namesOf } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

const CLASSES: ReadonlySet<string> = new Set([
  'read',
  'write',
  'ddl',
  'privilege',
  'admin',
  'session',
  'unknown',
]);

/** Page: docs/lint/security/unknown-statement-class.md. */
export const unknownStatementClass: LintRule = {
  id: 'security/unknown-statement-class',
  level: 'error',
  help: 'the classes are read, write, ddl, privilege, admin, session, unknown',
  skipsTests: true,
  check: ({ report }) => ({
    Infix: ({ operator, left, right }) => {
      if (operator !== '==' && operator !== '!=') return undefined;
      const [path, text] = left.kind === 'String' ? [right, left] : [left, right];
      if (text.kind !== 'String' || CLASSES.has(text.value) || path.kind !== 'Ref')
        return undefined;
      const names = namesOf(path) ?? [];
      const isClass =
        names.at(-1) === 'class' &&
        (names[0] === 'statement' || names.join('.') === 'input.action.class');
      if (isClass) report(text.span, `no statement has the class \`${text.value}\``);
      return undefined;
    },
  }),
};
