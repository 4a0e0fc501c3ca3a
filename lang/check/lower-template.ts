/** Template strings in lowered form: a call whose arguments are the pieces, each wrapped so that undefined does not fail it. */
import type { TemplateExpr, TemplateString } from '../ast/nodes.ts';
import type { Definedness } from './always-defined.ts';
import type { RuleContext, StepSink } from './context.ts';
import { resolveCallee, wrapInSet } from './lower-call.ts';
import { pushEq, statement } from './lower-step.ts';
import { lowerWith } from './lower-with.ts';
import type { LoweredRef, LoweredTerm, LoweredVar, Step } from './lowered.ts';
import { termKey } from './rule-tree.ts';

/** The name the lowered call goes by; it cannot be written or replaced. */
export const TEMPLATE_BUILTIN = 'internal.template_string';

export function lowerTemplate(ctx: RuleContext, node: TemplateString, sink: StepSink): LoweredVar {
  ctx.embeds = true;
  const args: LoweredTerm[] = node.parts.map((part) =>
    part.kind === 'String'
      ? { kind: 'scalar', span: part.span, node: part }
      : lowerPart(ctx, part, sink),
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

function lowerPart(ctx: RuleContext, part: TemplateExpr, sink: StepSink): LoweredTerm {
  const { expr } = part.literal;
  const steps: Step[] = [];
  if (expr.kind !== 'TermExpr') {
    ctx.fault(
      'check/template-expression',
      expr.span,
      'only a value can stand in a template string',
      { help: 'bind it before the template and write its name here' },
    );
    return { kind: 'scalar', span: part.span, node: { kind: 'Null', span: part.span } };
  }
  if (expr.term.kind === 'Call') {
    const callee = resolveCallee(ctx, expr.term.operator);
    if (callee.kind === 'builtin' && ctx.builtins.get(callee.name)?.relation) {
      ctx.fault(
        'check/template-expression',
        expr.span,
        `\`${callee.name}\` can yield several values and cannot stand in a template string`,
        { help: 'collect the values in a comprehension first' },
      );
    }
  }
  const before: StepSink = { steps, with: [], origin: undefined };
  const modifiers = part.literal.with.map((modifier) => lowerWith(ctx, modifier, before));
  const inner: StepSink = { steps, with: modifiers, origin: undefined };
  const term = ctx.lower.term(ctx, expr.term, inner);
  if (
    expr.term.kind === 'Var' &&
    term.kind === 'var' &&
    term.name !== 'input' &&
    term.name !== 'data'
  ) {
    return term;
  }
  const definedness = term.kind === 'ref' ? definednessOf(ctx, term) : 'open';
  if (definedness === 'always') return { kind: 'set', span: term.span, items: [term] };
  if (definedness === 'assumed') return pushEq(ctx, term, sink, true);
  return wrapInSet(ctx, term, steps, modifiers);
}

function definednessOf(ctx: RuleContext, ref: LoweredRef): Definedness {
  if (ref.head.name !== 'data') return 'open';
  const keys: string[] = [];
  for (const { term } of ref.path) {
    const key = term.kind === 'scalar' ? termKey(term.node) : undefined;
    if (key === undefined) return 'open';
    keys.push(key);
  }
  return ctx.definednessOf(keys);
}
