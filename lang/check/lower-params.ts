/** Function parameters: variables, constants and patterns that an argument is matched against. */
import type { ObjectEntry, Term } from '../ast/nodes.ts';
import type { RuleContext } from './context.ts';
import { collectVars } from './declared.ts';
import type { StepSink } from './lower-step.ts';
import { isDeterminedByParts, pushEq } from './lower-step.ts';
import { lowerTerm } from './lower-term.ts';
import type { LoweredEntry, LoweredTerm } from './lowered.ts';

/** Names the parameters bind: they hide imports and rules. */
export function paramNames(params: readonly Term[] | undefined): Set<string> {
  const names = new Set<string>();
  for (const param of params ?? []) collectParam(param, names);
  return names;
}

function collectParam(term: Term, names: Set<string>): void {
  if (term.kind === 'Var' || term.kind === 'Ref') collectVars(term, names);
  else if (term.kind === 'Array') for (const item of term.items) collectParam(item, names);
  else if (term.kind === 'Object') {
    for (const entry of term.entries) collectParam(entry.value, names);
  }
}

/** Lowers the parameters; a variable named twice is one variable. */
export function lowerParams(
  ctx: RuleContext,
  params: readonly Term[],
  sink: StepSink,
): readonly LoweredTerm[] {
  return params.map((param) => {
    const lowered = lowerParam(ctx, param, sink);
    return isDeterminedByParts(lowered) ? lowered : pushEq(ctx, lowered, sink);
  });
}

function lowerParam(ctx: RuleContext, term: Term, sink: StepSink): LoweredTerm {
  const { span } = term;
  switch (term.kind) {
    case 'Var': {
      if (term.name === 'input' || term.name === 'data') {
        ctx.fault('check/shadowed-document', span, `a parameter cannot be named \`${term.name}\``, {
          help: 'choose another name',
        });
        return { kind: 'var', span, name: ctx.names.fresh() };
      }
      if (term.name === '_') return { kind: 'var', span, name: ctx.names.unique('_') };
      const known = ctx.scopes.find(term.name);
      if (known !== undefined) return { kind: 'var', span, name: known };
      const made = ctx.scopes.declare(term.name, 'parameter');
      return { kind: 'var', span, name: typeof made === 'string' ? made : term.name };
    }
    case 'Array':
      return { kind: 'array', span, items: term.items.map((item) => lowerParam(ctx, item, sink)) };
    case 'Object':
      return {
        kind: 'object',
        span,
        entries: term.entries.map((entry) => lowerField(ctx, entry, sink)),
      };
    case 'Call':
    case 'Infix':
    case 'Membership':
      ctx.fault('check/parameter', span, 'a parameter cannot be the result of a call', {
        help: 'name the parameter and compare it in the body',
      });
      return { kind: 'var', span, name: ctx.names.fresh() };
    default:
      return lowerTerm(ctx, term, sink);
  }
}

function lowerField(ctx: RuleContext, entry: ObjectEntry, sink: StepSink): LoweredEntry {
  return {
    span: entry.span,
    key: lowerTerm(ctx, entry.key, sink),
    value: lowerParam(ctx, entry.value, sink),
  };
}
