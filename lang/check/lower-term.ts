/**
 * Terms in lowered form. A call inside a term becomes a step before it that fills a generated variable; a comprehension keeps
 * its body, lowered; names become documents, functions or unique locals.
 */
import type {
  ArrayComprehension,
  ObjectComprehension,
  ObjectEntry,
  Ref,
  RefSegment,
  SetComprehension,
  Term,
  Var,
} from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { RuleContext } from './context.ts';
import { declaredNames } from './declared.ts';
import { lowerBody } from './lower-body.ts';
import { lowerCall } from './lower-call.ts';
import type { StepSink } from './lower-step.ts';
import { isDeterminedByParts, pushEq } from './lower-step.ts';
import { lowerTemplate } from './lower-template.ts';
import type {
  LoweredEntry,
  LoweredRef,
  LoweredSegment,
  LoweredTerm,
  LoweredVar,
  Step,
} from './lowered.ts';

/** Lowers a term; the steps it needs go to `sink` in the order they are evaluated. */
export function lowerTerm(ctx: RuleContext, term: Term, sink: StepSink): LoweredTerm {
  switch (term.kind) {
    case 'Null':
    case 'Boolean':
    case 'Number':
    case 'String':
      return { kind: 'scalar', span: term.span, node: term };
    case 'Var':
      return lowerVar(ctx, term);
    case 'Ref':
      return lowerRef(ctx, term, sink);
    case 'Array':
    case 'Set':
      return {
        kind: term.kind === 'Array' ? 'array' : 'set',
        span: term.span,
        items: term.items.map((item) => lowerTerm(ctx, item, sink)),
      };
    case 'Object':
      return {
        kind: 'object',
        span: term.span,
        entries: term.entries.map((entry) => lowerEntry(ctx, entry, sink)),
      };
    case 'ArrayComprehension':
    case 'SetComprehension':
    case 'ObjectComprehension':
      return lowerComprehension(ctx, term);
    case 'TemplateString':
      return lowerTemplate(ctx, term, sink);
    case 'Call':
    case 'Infix':
    case 'Membership':
      return lowerCall(ctx, term, sink);
  }
}

function lowerEntry(ctx: RuleContext, entry: ObjectEntry, sink: StepSink): LoweredEntry {
  const key = lowerTerm(ctx, entry.key, sink);
  return { span: entry.span, key, value: lowerTerm(ctx, entry.value, sink) };
}

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
  const base = lowerTerm(ctx, node.head, sink);
  const path = node.path.map((segment) => lowerSegment(ctx, segment, sink));
  if (base.kind === 'var') {
    return path.length === 0 ? base : { kind: 'ref', span: node.span, head: base, path };
  }
  if (base.kind === 'ref') {
    return { kind: 'ref', span: node.span, head: base.head, path: [...base.path, ...path] };
  }
  const head = pushEq(ctx, base, sink);
  return { kind: 'ref', span: node.span, head, path };
}

function lowerSegment(ctx: RuleContext, segment: RefSegment, sink: StepSink): LoweredSegment {
  return { style: segment.style, span: segment.span, term: lowerTerm(ctx, segment.term, sink) };
}

function lowerComprehension(
  ctx: RuleContext,
  node: ArrayComprehension | SetComprehension | ObjectComprehension,
): LoweredTerm {
  ctx.hidden.push(declaredNames(node.body));
  ctx.scopes.push();
  const terms = node.kind === 'ObjectComprehension' ? [node.key, node.value] : [node.term];
  const body: Step[] = lowerBody(ctx, node.body, terms);
  const inner: StepSink = { steps: body, with: [], origin: undefined };
  const heads = terms.map((term) => lowerTerm(ctx, term, inner));
  const [first, second] = heads.map((head) =>
    isDeterminedByParts(head) ? head : pushEq(ctx, head, inner),
  );
  ctx.scopes.pop();
  ctx.hidden.pop();
  const span = node.span;
  const nothing: LoweredTerm = { kind: 'scalar', span, node: { kind: 'Null', span } };
  if (node.kind === 'ObjectComprehension') {
    return {
      kind: 'comprehension',
      span,
      shape: 'object',
      key: first,
      term: second ?? nothing,
      body,
    };
  }
  const shape = node.kind === 'ArrayComprehension' ? 'array' : 'set';
  return { kind: 'comprehension', span, shape, key: undefined, term: first ?? nothing, body };
}
