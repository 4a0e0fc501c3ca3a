/**
 * Short ways to parse in tests: a tree or an assertion, and faults as `code: underlined text`.
 */
import * as assert from 'uvu/assert';
import type { Literal, Module, Rule, Term } from '../../lang/ast/nodes.ts';
import type { Diagnostic } from '../../lang/diagnostic.ts';
import { parseModule, parseQuery, parseTerm } from '../../lang/parse.ts';

/** The module of a text that has no fault. */
export function moduleOf(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'test.policy', text });
  assert.equal(describeFaults(diagnostics), [], text);
  if (module === undefined) throw new Error('no module');
  return module;
}

/** The first rule of a text that goes below `package a`. */
export function ruleOf(text: string): Rule {
  const [rule] = moduleOf(`package a\n${text}\n`).rules;
  if (rule === undefined) throw new Error('no rule');
  return rule;
}

/** The literals of a query that has no fault. */
export function literalsOf(text: string): readonly Literal[] {
  const { body, diagnostics } = parseQuery({ name: 'query', text });
  assert.equal(describeFaults(diagnostics), [], text);
  return body?.literals ?? [];
}

/** The term of a text that has no fault. */
export function termOf(text: string): Term {
  const { term, diagnostics } = parseTerm({ name: 'term', text });
  assert.equal(describeFaults(diagnostics), [], text);
  if (term === undefined) throw new Error('no term');
  return term;
}

/** The faults of a file, each as `code: underlined text`. */
export function faultsOf(text: string): readonly string[] {
  return describeFaults(parseModule({ name: 'test.policy', text }).diagnostics);
}

/** The faults of what goes below `package a`. */
export function ruleFaultsOf(text: string): readonly string[] {
  return faultsOf(`package a\n${text}\n`);
}

function describeFaults(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(
    ({ code, source, span }) => `${code}: ${source.text.slice(span.start, span.end)}`,
  );
}

/** A term in prefix form, `(+ 1 (* 2 3))`: enough to see how a text was grouped. */
export function outline(term: Term): string {
  switch (term.kind) {
    case 'Infix':
      return `(${term.operator} ${outline(term.left)} ${outline(term.right)})`;
    case 'Membership': {
      const parts = [term.key, term.value, term.collection].filter((part) => part !== undefined);
      return `(in ${parts.map(outline).join(' ')})`;
    }
    case 'Var':
      return term.name;
    case 'Number':
      return term.text;
    case 'String':
      return JSON.stringify(term.value);
    case 'Boolean':
      return String(term.value);
    case 'Null':
      return 'null';
    case 'Ref':
      return `${outline(term.head)}${term.path.map((segment) => `[${outline(segment.term)}]`).join('')}`;
    case 'Call':
      return `${outline(term.operator)}(${term.args.map(outline).join(' ')})`;
    case 'Array':
      return `[${term.items.map(outline).join(' ')}]`;
    case 'Set':
      return `{${term.items.map(outline).join(' ')}}`;
    case 'Object':
      return `{${term.entries.map(({ key, value }) => `${outline(key)}: ${outline(value)}`).join(' ')}}`;
    default:
      return term.kind;
  }
}
