/** `with` modifiers in lowered form. Whether the target may be replaced is for `with-targets.ts`. */
import type { With } from '../ast/nodes.ts';
import type { RuleContext, StepSink } from './context.ts';
import { isHidden, lowerRef } from './lower-name.ts';
import { isDeterminedByParts, pushEq } from './lower-step.ts';
import type { LoweredRef, LoweredTerm, LoweredWith } from './lowered.ts';

/** Lowers one modifier; a value that must be evaluated is put into a variable before the statement, outside the replacement. */
export function lowerWith(ctx: RuleContext, node: With, sink: StepSink): LoweredWith {
  const target = lowerTarget(ctx, node, sink);
  const named = functionValue(ctx, node);
  if (named) return { span: node.span, target, value: named, replacesFunction: false };
  const value = ctx.lower.term(ctx, node.value, sink);
  return { span: node.span, target, value: stay(ctx, value, sink), replacesFunction: false };
}

/** A value that names a function below `data` stays a reference: only the rule tree can tell it from a document. */
function stay(ctx: RuleContext, value: LoweredTerm, sink: StepSink): LoweredTerm {
  if (isDeterminedByParts(value)) return value;
  if (value.kind === 'ref' && staticPath(value) && ctx.isFunction(staticPath(value) ?? []))
    return value;
  return pushEq(ctx, value, sink);
}

/** The parts of a reference below `data`, when all of them are strings. */
export function staticPath(ref: LoweredRef): readonly string[] | undefined {
  if (ref.head.name !== 'data') return undefined;
  const path: string[] = [];
  for (const { term } of ref.path) {
    if (term.kind !== 'scalar' || term.node.kind !== 'String') return undefined;
    path.push(term.node.value);
  }
  return path;
}

/** A value that is the name of a builtin (`with http.send as count`). */
function functionValue(ctx: RuleContext, node: With): LoweredTerm | undefined {
  const { value } = node;
  const head = value.kind === 'Ref' ? value.head : value;
  if (head.kind !== 'Var' || head.name === 'data' || head.name === 'input' || head.name === '_')
    return undefined;
  if (
    isHidden(ctx, head.name) ||
    ctx.globals.has(head.name) ||
    (ctx.scopes.find(head.name) ?? head.name) !== head.name
  )
    return undefined;
  const path = value.kind === 'Ref' ? value.path : [];
  const callee = resolveCalleeName(ctx, head.name, path);
  if (callee === undefined) return undefined;
  return {
    kind: 'ref',
    span: value.span,
    head: { kind: 'var', span: head.span, name: head.name },
    path: callee.slice(1).map((part) => ({
      style: 'dot',
      span: value.span,
      term: {
        kind: 'scalar',
        span: value.span,
        node: { kind: 'String', span: value.span, value: part, raw: false },
      },
    })),
  };
}

function resolveCalleeName(
  ctx: RuleContext,
  head: string,
  path: readonly { readonly term: { readonly kind: string; readonly value?: unknown } }[],
): readonly string[] | undefined {
  const parts = [head];
  for (const { term } of path) {
    if (term.kind !== 'String' || typeof term.value !== 'string') return undefined;
    parts.push(term.value);
  }
  return ctx.builtins.has(parts.join('.')) ? parts : undefined;
}

function lowerTarget(ctx: RuleContext, node: With, sink: StepSink): LoweredRef {
  const { target } = node;
  const { head, span } = target;
  if (head.kind === 'Var' && ctx.builtins.has(targetName(target))) {
    const isLocal = isHidden(ctx, head.name) || ctx.globals.has(head.name);
    const path = target.path.map((segment) => ctx.lower.term(ctx, segment.term, sink));
    if (!isLocal && ctx.scopes.use(head.name) === head.name) {
      return {
        kind: 'ref',
        span,
        head: { kind: 'var', span: head.span, name: head.name },
        path: path.map((term) => ({ style: 'dot', span: term.span, term })),
      };
    }
  }
  const lowered = lowerRef(ctx, target, sink);
  return lowered.kind === 'ref' ? lowered : { kind: 'ref', span, head: lowered, path: [] };
}

function targetName(target: With['target']): string {
  const parts = [target.head.kind === 'Var' ? target.head.name : ''];
  for (const { term } of target.path) parts.push(term.kind === 'String' ? term.value : '');
  return parts.join('.');
}
