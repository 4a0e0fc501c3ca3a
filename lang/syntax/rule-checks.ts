/**
 * What OPA's parser asks of a whole rule, beyond its grammar: values of defaults, rules that lack body and value, `else`
 * where none may stand, and the forms from before Rego v1. Faults are returned, never thrown.
 */
import { childrenOf } from '../ast/child-keys.ts';
import type { Node, Ref, Rule, Term } from '../ast/nodes.ts';
import type { DiagnosticCode } from '../codes.ts';
import type { Span } from '../source.ts';

/** A fault of a rule. */
export interface RuleFault {
  readonly code: DiagnosticCode;
  readonly span: Span;
  readonly message: string;
  readonly help?: string;
}

/** Units of the user's head that a suggestion repeats. */
const SHOWN_HEAD = 60;

/** All faults of a rule; `hasBareBody` tells that its body stood without `if`. */
export function ruleFaults(rule: Rule, hasBareBody: boolean, text: string): readonly RuleFault[] {
  const { head } = rule;
  const name = head.ref.head;
  if (name.kind === 'Var' && name.name === '_') {
    const message = 'a rule cannot be named `_`, which is a new name wherever it stands';
    return [{ code: 'parse/invalid-rule', span: name.span, message, help: 'choose a name' }];
  }
  if (rule.isDefault) return defaultFaults(rule);
  const faults: RuleFault[] = [];
  const last = head.ref.path.at(-1);
  const saysNothing =
    rule.body === undefined && head.value === undefined && head.contains === undefined;
  // A function that says nothing of its result is true for what its parameters match.
  if (hasBareBody || (saysNothing && head.params === undefined)) {
    faults.push(incompleteFault(rule, hasBareBody, text));
  }
  if (rule.body === undefined && head.value !== undefined && hasGap(rule, text)) {
    const span = { start: head.ref.head.span.end, end: head.ref.head.span.end + 1 };
    const message = 'there is white space after the name of the rule';
    faults.push({
      code: 'parse/invalid-rule',
      span,
      message,
      help: 'join the name and what follows it',
    });
  }
  if (head.contains !== undefined && head.params !== undefined) {
    const message = '`contains` defines a set, which a function cannot be';
    const help = 'give the set as the value: `f(x) := {...}`';
    faults.push({ code: 'parse/invalid-rule', span: head.contains.span, message, help });
  }
  const [branch] = rule.else;
  if (branch !== undefined) {
    const isObjectKey =
      head.ref.path.length === 1 && head.params === undefined && last !== undefined;
    const isOpen = head.ref.path.some((segment) => !isGround(segment.term));
    if (head.contains !== undefined) {
      faults.push(elseFault(branch.span, 'a rule with `contains`'));
    } else if (isOpen || (isObjectKey && (last.term.kind === 'Ref' || isDocument(last.term)))) {
      faults.push(elseFault(branch.span, 'a rule with a variable in its head'));
    }
  }
  return faults;
}

/** OPA takes a gap behind the name only where a body or `contains` follows. */
function hasGap({ head }: Rule, text: string): boolean {
  const { end } = head.ref.head.span;
  const after = text[end];
  if (head.ref.path.length > 0) return after !== '.' && after !== '[';
  if (head.params !== undefined) return after !== '(';
  return /^\s+\(/.test(text.slice(end, head.span.end));
}

function elseFault(span: Span, what: string): RuleFault {
  return {
    code: 'parse/invalid-rule',
    span,
    message: `${what} takes no \`else\``,
    help: 'write a second rule whose body excludes the first',
  };
}

function incompleteFault(rule: Rule, hasBareBody: boolean, text: string): RuleFault {
  const { head } = rule;
  const { span } = head;
  const [member] = head.ref.path;
  const isSet =
    head.ref.path.length === 1 &&
    member !== undefined &&
    head.value === undefined &&
    head.params === undefined &&
    head.contains === undefined;
  const body = hasBareBody ? ' if { ... }' : '';
  if (isSet) {
    const name = head.ref.head.kind === 'Var' ? head.ref.head.name : 'name';
    const term = text.slice(
      member.term.span.start,
      Math.min(member.term.span.end, member.term.span.start + SHOWN_HEAD),
    );
    const shown = member.style === 'dot' ? JSON.stringify(term) : term;
    return {
      code: 'refused/v0-syntax',
      span,
      message: 'a set without `contains` is the syntax before Rego v1',
      help: `write \`${name} contains ${shown}${body}\``,
    };
  }
  if (hasBareBody) {
    const written =
      text.slice(span.start, Math.min(span.end, span.start + SHOWN_HEAD)).split('\n')[0] ?? '';
    return {
      code: 'refused/v0-syntax',
      span,
      message: 'a rule body without `if` is the syntax before Rego v1',
      help: `write \`${written.trim()} if { ... }\``,
    };
  }
  return {
    code: 'parse/invalid-rule',
    span,
    message: 'a rule needs a value or a body',
    help: 'write `:= value` or `if { ... }` after its name',
  };
}

function defaultFaults(rule: Rule): readonly RuleFault[] {
  const { head } = rule;
  const code = 'parse/invalid-rule';
  // OPA reads a lone `default p` as `default p := true`, but not `default p.q` or `default p contains x`.
  if (head.contains !== undefined || (head.value === undefined && head.ref.path.length === 1)) {
    return [
      {
        code,
        span: head.span,
        message: 'a default needs a value',
        help: 'write `default name := value`',
      },
    ];
  }
  const faults: RuleFault[] = [];
  const open = head.value === undefined ? undefined : findOpen(head.value);
  if (open !== undefined) {
    faults.push({
      code,
      span: open.span,
      message: 'the value of a default cannot depend on anything',
      help: 'write a constant, or a comprehension',
    });
  }
  const names = new Set<string>();
  for (const param of head.params ?? []) {
    if (param.kind !== 'Var' || isDocument(param)) {
      faults.push({
        code,
        span: param.span,
        message: 'the parameters of a default are plain names',
      });
    } else if (param.name !== '_' && names.has(param.name)) {
      faults.push({
        code,
        span: param.span,
        message: `the parameter \`${param.name}\` stands twice`,
      });
    } else {
      names.add(param.name);
    }
  }
  return faults;
}

/** The first variable, reference, call or operator outside of comprehensions. */
function findOpen(node: Node): Node | undefined {
  switch (node.kind) {
    case 'ArrayComprehension':
    case 'SetComprehension':
    case 'ObjectComprehension':
      return undefined;
    case 'Var':
    case 'Ref':
    case 'Call':
    case 'Infix':
    case 'Membership':
      return node;
  }
  for (const child of childrenOf(node)) {
    const open = findOpen(child);
    if (open !== undefined) return open;
  }
  return undefined;
}

function isDocument(term: Term): boolean {
  return term.kind === 'Var' && (term.name === 'input' || term.name === 'data');
}

/** No variable anywhere but the documents at the head of references. */
function isGround(node: Node): boolean {
  if (node.kind === 'Var') return isDocument(node);
  if (node.kind === 'Ref') return isGroundRef(node);
  return childrenOf(node).every(isGround);
}

function isGroundRef(ref: Ref): boolean {
  return isGround(ref.head) && ref.path.every((segment) => isGround(segment.term));
}
