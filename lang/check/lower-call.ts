/** Calls, operators and membership tests in lowered form: what is called is resolved here, against the package and the builtins. */
import type { Call, Infix, Membership, Ref } from '../ast/nodes.ts';
import type { RuleContext, StepSink } from './context.ts';
import { isHidden } from './lower-name.ts';
import { statement } from './lower-step.ts';
import type { LoweredCallee, LoweredTerm, LoweredVar, Step, StepForm } from './lowered.ts';
import {
  KEYED_MEMBER_BUILTIN,
  MEMBER_BUILTIN,
  METADATA_CHAIN,
  METADATA_RULE,
  OPERATOR_BUILTINS,
} from './signatures.ts';

type CallTerm = Call | Infix | Membership;
type CallForm = Extract<StepForm, { kind: 'call' }>;

/** A call inside a term: the step goes to the sink, the term is the variable it fills. */
export function lowerCall(ctx: RuleContext, term: CallTerm, sink: StepSink): LoweredVar {
  const output: LoweredVar = { kind: 'var', span: term.span, name: ctx.names.fresh() };
  const form: StepForm = { ...callForm(ctx, term, sink), output };
  sink.steps.push({ ...statement(form, sink, term.span), generated: output.name });
  return output;
}

/** A call that is a statement of its own. */
export function lowerCallStatement(ctx: RuleContext, term: CallTerm, sink: StepSink): Step {
  return statement(callForm(ctx, term, sink), sink, term.span);
}

function callForm(ctx: RuleContext, term: CallTerm, sink: StepSink): CallForm {
  const span = term.span;
  if (term.kind === 'Infix') {
    const name = OPERATOR_BUILTINS[term.operator];
    return {
      kind: 'call',
      shape: { kind: 'infix', operator: term.operator },
      callee: { kind: 'builtin', name, path: [name], span },
      args: [ctx.lower.term(ctx, term.left, sink), ctx.lower.term(ctx, term.right, sink)],
      output: undefined,
    };
  }
  if (term.kind === 'Membership') {
    const name = term.key ? KEYED_MEMBER_BUILTIN : MEMBER_BUILTIN;
    const parts = term.key
      ? [term.key, term.value, term.collection]
      : [term.value, term.collection];
    return {
      kind: 'call',
      shape: { kind: 'member' },
      callee: { kind: 'builtin', name, path: name.split('.'), span },
      args: parts.map((part) => ctx.lower.term(ctx, part, sink)),
      output: undefined,
    };
  }
  const callee = resolveCallee(ctx, term.operator);
  if (callee.name === 'print' && callee.kind === 'builtin') {
    return {
      kind: 'call',
      shape: { kind: 'print' },
      callee,
      args: term.args.map((arg) => {
        const steps: Step[] = [];
        const value = ctx.lower.term(ctx, arg, { steps, with: [], origin: undefined });
        return wrapInSet(ctx, value, steps, []);
      }),
      output: undefined,
    };
  }
  const args = term.args.map((arg) => ctx.lower.term(ctx, arg, sink));
  return { kind: 'call', shape: { kind: 'call' }, callee, args, output: undefined };
}

/** `{$n | steps; $n = value}`: a value that is empty where `value` is undefined. */
export function wrapInSet(
  ctx: RuleContext,
  value: LoweredTerm,
  steps: Step[],
  modifiers: StepSink['with'],
): LoweredTerm {
  const made: LoweredVar = { kind: 'var', span: value.span, name: ctx.names.fresh() };
  const sink: StepSink = { steps, with: modifiers, origin: undefined };
  steps.push({
    ...statement(
      { kind: 'eq', left: made, right: value, assign: false, some: undefined },
      sink,
      value.span,
    ),
    generated: made.name,
  });
  return {
    kind: 'comprehension',
    span: value.span,
    shape: 'set',
    key: undefined,
    term: made,
    body: steps,
  };
}

/** What an operator names: a function below `data`, a builtin, or nothing known. */
export function resolveCallee(ctx: RuleContext, operator: Ref): LoweredCallee {
  const { span } = operator;
  const tail: string[] = [];
  for (const segment of operator.path) {
    if (segment.term.kind === 'String') tail.push(segment.term.value);
  }
  if (operator.head.kind !== 'Var') return { kind: 'unknown', name: '', path: tail, span };
  const head = operator.head.name;
  if (head === 'data') return functionCallee(tail, span);
  if (head === 'input')
    return { kind: 'unknown', name: ['input', ...tail].join('.'), path: tail, span };
  const global = isHidden(ctx, head) ? undefined : ctx.globals.get(head);
  if (global?.root === 'data') return functionCallee([...global.path, ...tail], span);
  const name = [head, ...tail].join('.');
  if (global) return { kind: 'unknown', name, path: [head, ...tail], span };
  if (name === METADATA_CHAIN || name === METADATA_RULE) ctx.asksMetadata = true;
  const local = ctx.scopes.use(head);
  if (local !== head) {
    ctx.fault(
      'check/shadowed-function',
      span,
      `\`${name}\` is called, but \`${head}\` is a local variable here`,
      {
        help: 'functions are no values: give the variable another name',
      },
    );
  } else ctx.called.set(head, span);
  return {
    kind: ctx.builtins.has(name) ? 'builtin' : 'unknown',
    name,
    path: [head, ...tail],
    span,
  };
}

function functionCallee(path: readonly string[], span: LoweredCallee['span']): LoweredCallee {
  return { kind: 'function', name: ['data', ...path].join('.'), path, span };
}
