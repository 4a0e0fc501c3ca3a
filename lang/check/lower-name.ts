/** Names and references in lowered form: what an unqualified name means is decided here. */
import type { Ref, RefSegment, Var } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { RuleContext, StepSink } from './context.ts';
import { pushEq } from './lower-step.ts';
import type { LoweredRef, LoweredSegment, LoweredVar } from './lowered.ts';

/** A name alone: a document, what an import or rule of the package stands for, or a local. */
export function lowerVar(ctx: RuleContext, node: Var): LoweredVar | LoweredRef {
  const { name, span } = node;
  if (name === '_') return { kind: 'var', span, name: ctx.names.unique('_') };
  if (name === 'data' || name === 'input') return { kind: 'var', span, name };
  const global = isHidden(ctx, name) ? undefined : ctx.globals.get(name);
  if (global) {
    const head: LoweredVar = { kind: 'var', span, name: global.root };
    if (global.path.length === 0) return head;
    return { kind: 'ref', span, head, path: global.path.map((part) => stringSegment(part, span)) };
  }
  if (ctx.scopes.isOuter() && ctx.builtins.has(name)) ctx.builtinVars.add(name);
  return { kind: 'var', span, name: ctx.scopes.use(name) };
}

/** Has a body around this place declared the name, so that no import or rule is meant? */
export function isHidden(ctx: RuleContext, name: string): boolean {
  return ctx.hidden.some((names) => names.has(name));
}

function stringSegment(value: string, span: Span): LoweredSegment {
  return {
    style: 'dot',
    span,
    term: { kind: 'scalar', span, node: { kind: 'String', span, value, raw: false } },
  };
}

/** A reference; a composite or call at its head is put into a generated variable first. */
export function lowerRef(ctx: RuleContext, node: Ref, sink: StepSink): LoweredRef | LoweredVar {
  const base = ctx.lower.term(ctx, node.head, sink);
  const path = node.path.map((segment) => lowerSegment(ctx, segment, sink));
  if (base.kind === 'var') {
    if (path.length === 0) return base;
    const ref: LoweredRef = { kind: 'ref', span: node.span, head: base, path };
    return path.every(({ term }) => term.kind === 'scalar') ? { ...ref, written: node } : ref;
  }
  if (base.kind === 'ref') {
    return { kind: 'ref', span: node.span, head: base.head, path: [...base.path, ...path] };
  }
  const head = pushEq(ctx, base, sink);
  return { kind: 'ref', span: node.span, head, path };
}

function lowerSegment(ctx: RuleContext, segment: RefSegment, sink: StepSink): LoweredSegment {
  return {
    style: segment.style,
    span: segment.span,
    term: ctx.lower.term(ctx, segment.term, sink),
  };
}
