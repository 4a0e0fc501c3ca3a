/** Checking policy texts in tests: faults as `code: underlined text`, and checked bodies as text with renamed variables. */
import { createBuiltinTable } from '../../engine/builtins/registry.ts';
import { checkerSignatures } from '../../engine/checker-signatures.ts';
import type { Body, Expr, Literal, Term } from '../../lang/ast/nodes.ts';
import { type CheckResult, checkModules } from '../../lang/check/check.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { CheckOptions } from '../../lang/check/options.ts';
import { moduleOf } from './syntax.ts';

/** Options with the engine's builtins. */
export function checkOptions(extra: Partial<CheckOptions> = {}): CheckOptions {
  return { builtins: checkerSignatures(createBuiltinTable()), ...extra };
}

/** Checks whole modules, named `0.policy` and so on. */
export function check(texts: readonly string[], extra: Partial<CheckOptions> = {}): CheckResult {
  const modules = texts.map((text, at) => ({
    source: { name: `${at}.policy`, text },
    module: moduleOf(text),
  }));
  return checkModules(modules, checkOptions(extra));
}

/** Faults of what goes below `package p`. */
export function faults(text: string, extra: Partial<CheckOptions> = {}): readonly string[] {
  return faultsOfModules([`package p\n${text}\n`], extra);
}

/** Faults of whole modules. */
export function faultsOfModules(
  texts: readonly string[],
  extra: Partial<CheckOptions> = {},
): readonly string[] {
  return check(texts, extra).diagnostics.map(
    ({ code, source, span }) => `${code}: ${source.text.slice(span.start, span.end)}`,
  );
}

/** The first rule of what goes below `package p`. */
export function checkedRule(text: string): CheckedRule {
  const { set, diagnostics } = check([`package p\n${text}\n`]);
  const rule = set?.modules[0]?.rules[0];
  if (!rule) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return rule;
}

/** The first rule's body, one statement a string. */
export function checkedBody(text: string): readonly string[] {
  const rule = checkedRule(text);
  return rule.rule.body ? bodyLines(rule.rule.body) : [];
}

/** The statements of a body; variables without what makes them unique, generated ones as `$`. */
export function bodyLines(body: Body): readonly string[] {
  return body.literals.map(literalText);
}

function literalText(literal: Literal): string {
  const modifiers = literal.with.map(
    (node) => ` with ${termText(node.target)} as ${termText(node.value)}`,
  );
  return exprText(literal.expr) + modifiers.join('');
}

function exprText(expr: Expr): string {
  switch (expr.kind) {
    case 'TermExpr':
      return termText(expr.term);
    case 'Assign':
      return `${termText(expr.target)} := ${termText(expr.value)}`;
    case 'Unify':
      return `${termText(expr.left)} = ${termText(expr.right)}`;
    case 'SomeIn':
      return `some ${termText(expr.value)} in ${termText(expr.collection)}`;
    case 'Every':
      return `every ${termText(expr.value)} in ${termText(expr.domain)} {${bodyLines(expr.body).join('; ')}}`;
    case 'Not':
      return `not ${bodyLines(expr.body).join('; ')}`;
    default:
      return expr.kind;
  }
}

function termText(term: Term): string {
  switch (term.kind) {
    case 'Var':
      return term.name.replace(/^\$(\D\w*)?[.\d]*$/, (_, name?: string) => name ?? '$');
    case 'String':
      return JSON.stringify(term.value);
    case 'Number':
      return term.text;
    case 'Boolean':
      return String(term.value);
    case 'Ref':
      return `${termText(term.head)}${term.path.map(({ term: part }) => `[${termText(part)}]`).join('')}`;
    case 'Array':
      return `[${term.items.map(termText).join(', ')}]`;
    case 'Call':
      return `${termText(term.operator)}(${term.args.map(termText).join(', ')})`;
    case 'Infix':
      return `${termText(term.left)} ${term.operator} ${termText(term.right)}`;
    case 'Membership':
      return `${termText(term.value)} in ${termText(term.collection)}`;
    case 'ArrayComprehension':
      return `[${termText(term.term)} | ${bodyLines(term.body).join('; ')}]`;
    default:
      return term.kind;
  }
}
