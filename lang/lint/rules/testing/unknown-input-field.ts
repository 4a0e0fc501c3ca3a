/**
 * A test makes an input with a field that no input has.
 */
import type { ObjectTerm, Term } from '../../../ast/nodes.ts';
import { suggest } from '../../../suggest.ts';
import { namesOf } from '../../reach.ts';
import type { LintRule } from '../../rule.ts';

/** Page: docs/lint/testing/unknown-input-field.md. */
export const unknownInputField: LintRule = {
  id: 'testing/unknown-input-field',
  level: 'error',
  help: 'spell it as the contract does',
  check: ({ report, contract }) => {
    const look = (object: ObjectTerm, path: string): void => {
      const fields = contract?.fields.get(path);
      for (const { key, value } of object.entries) {
        if (key.kind !== 'String') continue;
        if (fields !== undefined && !fields.includes(key.value)) {
          const close = suggest(key.value, fields);
          const help = close === undefined ? undefined : `did you mean \`${close}\`?`;
          report(key.span, `\`${path}\` has no field \`${key.value}\``, undefined, help);
        } else lookInto(value, `${path}.${key.value}`);
      }
    };
    const lookInto = (term: Term, path: string): void => {
      if (term.kind === 'Object') look(term, path);
      else if (term.kind === 'Array') for (const item of term.items) lookInto(item, `${path}[]`);
    };
    return {
      With: ({ target, value }) => {
        const names = namesOf(target);
        if (names?.[0] === 'input' && names.length === target.path.length + 1)
          lookInto(value, names.join('.'));
      },
    };
  },
};
