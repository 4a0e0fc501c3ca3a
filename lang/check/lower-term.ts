/**
 * Terms in lowered form. A call inside a term becomes a step before it that fills a generated variable; a comprehension keeps
 * its body, lowered; names become documents, functions or unique locals.
 */
import type {
  ArrayComprehension,
  ObjectComprehension,
  ObjectEntry,
  SetComprehension,
  Term,
} from '../ast/nodes.ts';
import type { RuleContext, StepSink } from './context.ts';
import { declaredNames } from './declared.ts';
import { lowerCall } from './lower-call.ts';
import { lowerRef, lowerVar } from './lower-name.ts';
import { isDeterminedByParts, pushEq } from './lower-step.ts';
import { lowerTemplate } from './lower-template.ts';
import type { LoweredEntry, LoweredTerm, Step } from './lowered.ts';
import { asTakenOut, distinctEntries, inOrder } from './object-entries.ts';

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
    case 'Array': {
      const items = term.items.map((item) => lowerTerm(ctx, item, sink));
      return { kind: 'array', span: term.span, items, written: term };
    }
    case 'Set': {
      const taken = asTakenOut(term.items, (item) => item, ctx.builtins);
      const items = taken.map((item) => lowerTerm(ctx, item, sink));
      return { kind: 'set', span: term.span, items: inOrder(items, (item) => item), written: term };
    }
    case 'Object': {
      const taken = asTakenOut(distinctEntries(term.entries), ({ key }) => key, ctx.builtins);
      const entries = taken.map((entry) => lowerEntry(ctx, entry, sink));
      return {
        kind: 'object',
        span: term.span,
        entries: inOrder(entries, ({ key }) => key),
        written: term,
      };
    }
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
  return { span: entry.span, key, value: lowerTerm(ctx, entry.value, sink), written: entry };
}

function lowerComprehension(
  ctx: RuleContext,
  node: ArrayComprehension | SetComprehension | ObjectComprehension,
): LoweredTerm {
  ctx.hidden.push(declaredNames(node.body));
  ctx.scopes.push();
  const terms = node.kind === 'ObjectComprehension' ? [node.key, node.value] : [node.term];
  const body: Step[] = ctx.lower.body(ctx, node.body, terms);
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
