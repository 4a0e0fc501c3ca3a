/** Template strings in lowered form: a call whose arguments are the pieces, each wrapped so that undefined does not fail it. */
import type { TemplateExpr, TemplateString } from '../ast/nodes.ts';
import type { RuleContext, StepSink } from './context.ts';
import { resolveCallee, wrapInSet } from './lower-call.ts';
import { statement } from './lower-step.ts';
import { lowerWith } from './lower-with.ts';
import type { LoweredRef, LoweredTerm, LoweredVar, Step } from './lowered.ts';

/** The name the lowered call goes by; it cannot be written or replaced. */
export const TEMPLATE_BUILTIN = 'internal.template_string';

export function lowerTemplate(ctx: RuleContext, node: TemplateString, sink: StepSink): LoweredVar {
  ctx.embeds = true;
  const args: LoweredTerm[] = node.parts.map((part) =>
    part.kind === 'String' ? { kind: 'scalar', span: part.span, node: part } : lowerPart(ctx, part),
  );
  const output: LoweredVar = { kind: 'var', span: node.span, name: ctx.names.fresh() };
  sink.steps.push({
    ...statement(
      {
        kind: 'call',
        shape: { kind: 'template', raw: node.raw },
        callee: {
          kind: 'builtin',
          name: TEMPLATE_BUILTIN,
          path: TEMPLATE_BUILTIN.split('.'),
          span: node.span,
        },
        args,
        output,
      },
      sink,
      node.span,
    ),
    generated: output.name,
  });
  return output;
}

function lowerPart(ctx: RuleContext, part: TemplateExpr): LoweredTerm {
  const { expr } = part.literal;
  const steps: Step[] = [];
  if (expr.kind !== 'TermExpr') {
    ctx.fault(
      'check/template-expression',
      expr.span,
      'only a value can stand in a template string',
    );
    return { kind: 'scalar', span: part.span, node: { kind: 'Null', span: part.span } };
  }
  ctx.scopes.push();
  if (expr.term.kind === 'Call') {
    const callee = resolveCallee(ctx, expr.term.operator);
    if (callee.kind === 'builtin' && ctx.builtins.get(callee.name)?.relation) {
      ctx.fault(
        'check/template-expression',
        expr.span,
        `\`${callee.name}\` can yield several values and cannot stand in a template string`,
      );
    }
  }
  const before: StepSink = { steps, with: [], origin: undefined };
  const modifiers = part.literal.with.map((modifier) => lowerWith(ctx, modifier, before));
  const inner: StepSink = { steps, with: modifiers, origin: undefined };
  const term = ctx.lower.term(ctx, expr.term, inner);
  ctx.scopes.pop();
  if (
    expr.term.kind === 'Var' &&
    term.kind === 'var' &&
    term.name !== 'input' &&
    term.name !== 'data'
  ) {
    return term;
  }
  if (term.kind === 'ref' && isKnown(ctx, term))
    return { kind: 'set', span: term.span, items: [term] };
  return wrapInSet(ctx, term, steps, modifiers);
}

function isKnown(ctx: RuleContext, ref: LoweredRef): boolean {
  if (ref.head.name !== 'data') return false;
  const path: string[] = [];
  for (const segment of ref.path) {
    if (segment.term.kind !== 'scalar' || segment.term.node.kind !== 'String') return false;
    path.push(segment.term.node.value);
  }
  return ctx.isAlwaysDefined(path);
}
