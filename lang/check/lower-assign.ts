/** `:=` and `some ... in`: statements that declare what they bind. */
import type { ObjectEntry, SomeIn, Term } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { RuleContext, StepSink } from './context.ts';
import { collectVars, patternVars } from './declared.ts';
import { isHidden } from './lower-name.ts';
import { pushEq, statement } from './lower-step.ts';
import type { LoweredEntry, LoweredRef, LoweredTerm, LoweredVar, LoweredWith } from './lowered.ts';
import { reportRedeclared } from './redeclared.ts';

/** `target := value`: the value is read first, then the target declares. */
export function lowerAssign(
  ctx: RuleContext,
  target: Term,
  value: Term,
  span: Span,
  sink: StepSink,
): void {
  const right = ctx.lower.term(ctx, value, sink);
  const left = declareTarget(ctx, target, sink);
  sink.steps.push(
    statement({ kind: 'eq', left, right, assign: true, some: undefined }, sink, span),
  );
}

/** Reports a variable with the name of a document; true where it has one. */
export function reportDocumentName(ctx: RuleContext, name: string, span: Span): boolean {
  if (name !== 'input' && name !== 'data') return false;
  ctx.fault('check/shadowed-document', span, `a variable cannot be named \`${name}\``, {
    help: 'choose another name',
  });
  return true;
}

function declareTarget(ctx: RuleContext, target: Term, sink: StepSink): LoweredTerm {
  const { span } = target;
  if (target.kind === 'Var') {
    if (target.name === '_') return { kind: 'var', span, name: ctx.names.unique('_') };
    if (reportDocumentName(ctx, target.name, span))
      return { kind: 'var', span, name: ctx.names.fresh() };
    const made = ctx.scopes.declare(target.name, 'assigned');
    if (typeof made === 'string') return { kind: 'var', span, name: made };
    reportRedeclared(ctx, target.name, made.occurrence, span);
    return { kind: 'var', span, name: ctx.names.fresh() };
  }
  if (target.kind === 'Array') {
    return {
      kind: 'array',
      span,
      items: target.items.map((item) => declareTarget(ctx, item, sink)),
    };
  }
  if (target.kind === 'Object') {
    return {
      kind: 'object',
      span,
      entries: target.entries.map((entry) => declareEntry(ctx, entry, sink)),
    };
  }
  ctx.fault('check/assign-target', span, `cannot assign to ${describe(target)}`, {
    help: 'the left side of `:=` is a variable, or an array or object of variables; compare with `==`',
  });
  return { kind: 'var', span, name: ctx.names.fresh() };
}

function declareEntry(ctx: RuleContext, entry: ObjectEntry, sink: StepSink): LoweredEntry {
  const names = new Set<string>();
  collectVars(entry.key, names);
  for (const name of names) {
    if (isHidden(ctx, name) && ctx.scopes.isDeclared(name)) {
      ctx.fault(
        'check/assign-target',
        entry.key.span,
        `the key of a pattern cannot be the local variable \`${name}\``,
        { help: 'write the key as a constant, or read the value with a reference' },
      );
    }
  }
  return {
    span: entry.span,
    key: ctx.lower.term(ctx, entry.key, sink),
    value: declareTarget(ctx, entry.value, sink),
  };
}

function describe(term: Term): string {
  switch (term.kind) {
    case 'Null':
    case 'Boolean':
    case 'Number':
    case 'String':
      return `a ${term.kind.toLowerCase()}`;
    case 'Ref':
      return 'a reference';
    case 'Set':
      return 'a set';
    case 'TemplateString':
      return 'a template string';
    case 'Call':
    case 'Infix':
    case 'Membership':
      return 'the result of a call';
    default:
      return 'a comprehension';
  }
}

/** `some k, v in xs`: the pattern declares what the collection does not hold already. */
export function lowerSomeIn(
  ctx: RuleContext,
  node: SomeIn,
  sink: StepSink,
  modifiers: () => readonly LoweredWith[],
): void {
  const outer = new Set<string>();
  collectVars(node.collection, outer);
  const declared = new Set<string>();
  if (node.key) collectVars(node.key, declared);
  patternVars(node.value, declared);
  // All of `data` holds this rule too: what follows would be told as a rule that depends on itself.
  if (declared.has('data')) {
    reportDocumentName(ctx, 'data', node.span);
    return;
  }
  for (const name of [...declared].sort()) {
    if (outer.has(name)) continue;
    const made = ctx.scopes.declare(name, 'declared');
    if (typeof made !== 'string') reportRedeclared(ctx, name, made.occurrence, node.span);
  }
  const own: StepSink = { ...sink, with: modifiers() };
  const value = ctx.lower.term(ctx, node.value, own);
  const base = ctx.lower.term(ctx, node.collection, own);
  const written = node.key ? ctx.lower.term(ctx, node.key, own) : undefined;
  const collection = base.kind === 'var' || base.kind === 'ref' ? base : pushEq(ctx, base, own);
  const key: LoweredTerm = written ?? { kind: 'var', span: node.span, name: ctx.names.fresh() };
  own.steps.push(
    statement(
      {
        kind: 'eq',
        left: value,
        right: memberRef(collection, key, node.span),
        assign: false,
        some: { key: written, value, collection },
      },
      own,
      node.span,
    ),
  );
}

function memberRef(collection: LoweredVar | LoweredRef, key: LoweredTerm, span: Span): LoweredRef {
  const segment = { style: 'bracket' as const, span, term: key };
  if (collection.kind === 'var') return { kind: 'ref', span, head: collection, path: [segment] };
  return { kind: 'ref', span, head: collection.head, path: [...collection.path, segment] };
}
