/** Lowered terms back to syntax; a variable whose step was taken back is replaced by the term that fills it. */
import type {
  Body,
  Call,
  ObjectEntry,
  Ref,
  RefSegment,
  TemplateExpr,
  Term,
  Var,
  With,
} from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { Callee } from './checked.ts';
import type { NameSource } from './context.ts';
import type {
  LoweredComprehension,
  LoweredEntry,
  LoweredRef,
  LoweredSegment,
  LoweredTerm,
  Step,
  StepForm,
} from './lowered.ts';

export interface RaiseContext {
  readonly names: NameSource;
  /** See `hoistNegated`. */
  readonly equalUnifies: boolean;
  readonly isRelation: (builtin: string) => boolean;
  /** Names of builtins that some \`with\` replaces. */
  readonly mocked: ReadonlySet<string>;
  /** Raises a body with the terms that take back its last steps; here because terms hold bodies. */
  readonly body: (
    ctx: RaiseContext,
    steps: readonly Step[],
    heads: readonly LoweredTerm[],
    span: Span,
  ) => { readonly body: Body; readonly heads: readonly Term[] };
  /** Raises a piece of a template or `print`. */
  readonly piece: (
    ctx: RaiseContext,
    piece: LoweredTerm,
  ) => { readonly term: Term; readonly with: readonly With[] };
  /** Receives what each call calls. */
  readonly callees: Map<Call, Callee>;
}

/** Takes back the term that fills a generated variable, if it is to stand in its place. */
export type Inlined = (name: string) => Term | undefined;

type CallForm = Extract<StepForm, { kind: 'call' }>;

export function raiseVar(span: Span, name: string): Var {
  return { kind: 'Var', span, name };
}

export function raiseTerm(ctx: RaiseContext, term: LoweredTerm, inlined: Inlined): Term {
  const { span } = term;
  switch (term.kind) {
    case 'scalar':
      return term.node;
    case 'var':
      return inlined(term.name) ?? raiseVar(span, term.name);
    case 'ref':
      return raiseRef(ctx, term, inlined);
    case 'array':
    case 'set': {
      const { written } = term;
      const items = raiseAll(ctx, term.items, inlined);
      if (written !== undefined && isSameList(items, written.items)) return written;
      return { kind: term.kind === 'array' ? 'Array' : 'Set', span, items };
    }
    case 'object': {
      const { written } = term;
      const entries = term.entries.map((entry) => raiseEntry(ctx, entry, inlined));
      if (written !== undefined && isSameList(entries, written.entries)) return written;
      return { kind: 'Object', span, entries };
    }
    case 'comprehension':
      return raiseComprehension(ctx, term);
  }
}

/** What is as it was in the text stays the node it was: most references to the input are, and most heads. */
function raiseRef(ctx: RaiseContext, term: LoweredRef, inlined: Inlined): Ref {
  const { span, written } = term;
  const head = raiseTerm(ctx, term.head, inlined);
  if (written === undefined) {
    const path = term.path.map((segment) => raiseSegment(ctx, segment, inlined));
    return { kind: 'Ref', span, head, path };
  }
  const before = written.head;
  const isSame = head.kind === 'Var' && before.kind === 'Var' && head.name === before.name;
  return isSame ? written : { kind: 'Ref', span, head, path: written.path };
}

function raiseEntry(ctx: RaiseContext, entry: LoweredEntry, inlined: Inlined): ObjectEntry {
  const { span, written } = entry;
  const key = raiseTerm(ctx, entry.key, inlined);
  const value = raiseTerm(ctx, entry.value, inlined);
  if (key === written?.key && value === written.value) return written;
  return { kind: 'ObjectEntry', span, key, value };
}

function isSameList<T>(items: readonly T[], others: readonly T[]): boolean {
  return items.length === others.length && items.every((item, at) => item === others[at]);
}

function raiseAll(
  ctx: RaiseContext,
  terms: readonly LoweredTerm[],
  inlined: Inlined,
): readonly Term[] {
  return terms.map((term) => raiseTerm(ctx, term, inlined));
}

export function raiseSegment(
  ctx: RaiseContext,
  segment: LoweredSegment,
  inlined: Inlined,
): RefSegment {
  return {
    kind: 'RefSegment',
    span: segment.span,
    style: segment.style,
    term: raiseTerm(ctx, segment.term, inlined),
  };
}

function raiseComprehension(ctx: RaiseContext, node: LoweredComprehension): Term {
  const { span } = node;
  const heads = node.key ? [node.key, node.term] : [node.term];
  const { body, heads: raised } = ctx.body(ctx, node.body, heads, span);
  const [first, second] = raised;
  const missing: Term = { kind: 'Null', span };
  if (node.shape === 'object') {
    return {
      kind: 'ObjectComprehension',
      span,
      key: first ?? missing,
      value: second ?? missing,
      body,
    };
  }
  const kind = node.shape === 'array' ? 'ArrayComprehension' : 'SetComprehension';
  return { kind, span, term: first ?? missing, body };
}

/** A call with its arguments; `output` is added as one argument more. */
export function raiseCall(
  ctx: RaiseContext,
  form: CallForm,
  span: Span,
  inlined: Inlined,
  output?: Term,
): Term {
  const { shape, callee } = form;
  if (shape.kind === 'template') return raiseTemplate(ctx, form, span);
  if (shape.kind === 'print') {
    const pieces = form.args.map((arg) => ctx.piece(ctx, arg).term);
    return makeCall(ctx, form, span, pieces);
  }
  const args = raiseAll(ctx, form.args, inlined);
  const [first, second, third] = args;
  if (shape.kind === 'infix' && first && second && args.length === 2) {
    return { kind: 'Infix', span, operator: shape.operator, left: first, right: second };
  }
  if (shape.kind === 'member' && first && second) {
    if (third) return { kind: 'Membership', span, key: first, value: second, collection: third };
    return { kind: 'Membership', span, key: undefined, value: first, collection: second };
  }
  return makeCall(ctx, { ...form, callee }, span, output ? [...args, output] : args);
}

function makeCall(ctx: RaiseContext, form: CallForm, span: Span, args: readonly Term[]): Call {
  const { callee } = form;
  const parts = callee.kind === 'function' ? ['data', ...callee.path] : callee.path;
  const call: Call = { kind: 'Call', span, operator: nameRef(parts, callee.span), args };
  if (callee.kind === 'function') ctx.callees.set(call, { kind: 'function', path: callee.path });
  else ctx.callees.set(call, { kind: 'builtin', name: callee.name });
  return call;
}

/** A dotted name as a reference. */
export function nameRef(parts: readonly string[], span: Span): Ref {
  const [head = '', ...rest] = parts;
  return {
    kind: 'Ref',
    span,
    head: raiseVar(span, head),
    path: rest.map((value) => ({
      kind: 'RefSegment',
      span,
      style: 'dot',
      term: { kind: 'String', span, value, raw: false },
    })),
  };
}

function raiseTemplate(ctx: RaiseContext, form: CallForm, span: Span): Term {
  const raw = form.shape.kind === 'template' && form.shape.raw;
  const parts = form.args.map((arg) => {
    if (arg.kind === 'scalar' && arg.node.kind === 'String') return arg.node;
    const piece = ctx.piece(ctx, arg);
    const part: TemplateExpr = {
      kind: 'TemplateExpr',
      span: arg.span,
      literal: {
        kind: 'Literal',
        span: arg.span,
        expr: { kind: 'TermExpr', span: arg.span, term: piece.term },
        with: piece.with,
      },
    };
    return part;
  });
  return { kind: 'TemplateString', span, raw, parts };
}
