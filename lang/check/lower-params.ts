/** Function parameters: variables, constants and patterns that an argument is matched against. */
import type { ObjectEntry, Term } from '../ast/nodes.ts';
import { visit } from '../ast/visit.ts';
import type { RuleContext, StepSink } from './context.ts';
import { collectVars } from './declared.ts';
import { isDeterminedByParts, statement } from './lower-step.ts';
import type { LoweredEntry, LoweredTerm, LoweredVar } from './lowered.ts';
import type { Scopes } from './scope.ts';

/** Names the parameters bind: they hide imports and rules. */
export function paramNames(params: readonly Term[] | undefined): Set<string> {
  const names = new Set<string>();
  for (const param of params ?? []) eachPatternPart(param, (part) => collectVars(part, names));
  return names;
}

/** Calls `visit` for the parts of a pattern an argument is matched against: array items and object values, at any depth. */
function eachPatternPart(term: Term, visit: (part: Term) => void): void {
  if (term.kind === 'Array') for (const item of term.items) eachPatternPart(item, visit);
  else if (term.kind === 'Object') {
    for (const entry of term.entries) eachPatternPart(entry.value, visit);
  } else if (term.kind === 'Var' || term.kind === 'Ref' || term.kind === 'TemplateString') {
    visit(term);
  }
}

/** Declares the variables of the parameters for all branches; a variable named twice is one variable. */
export function declareParams(scopes: Scopes, params: readonly Term[]): void {
  for (const param of params) {
    eachPatternPart(param, (part) => {
      if (part.kind !== 'Var' || part.name === '_') return;
      if (scopes.find(part.name) === undefined) scopes.declare(part.name, 'parameter');
    });
  }
}

/**
 * Lowers the parameters of one branch, after its body: what must be evaluated is compared there.
 * @param shared the variables such parameters have in all branches, filled by the first
 */
export function lowerParams(
  ctx: RuleContext,
  params: readonly Term[],
  sink: StepSink,
  shared: LoweredVar[],
): readonly LoweredTerm[] {
  let next = 0;
  return params.map((param) => {
    const lowered = lowerParam(ctx, param, sink);
    if (isDeterminedByParts(lowered) && param.kind !== 'TemplateString') return lowered;
    const name = shared[next]?.name ?? ctx.names.fresh();
    const made: LoweredVar = { kind: 'var', span: param.span, name };
    shared[next] = made;
    next += 1;
    sink.steps.push(
      statement(
        { kind: 'eq', left: made, right: lowered, assign: false, some: undefined },
        sink,
        param.span,
      ),
    );
    return made;
  });
}

function lowerParam(ctx: RuleContext, term: Term, sink: StepSink): LoweredTerm {
  const { span } = term;
  switch (term.kind) {
    case 'Var':
      if (isDocument(term.name)) {
        ctx.fault('check/shadowed-document', span, `a parameter cannot be named \`${term.name}\``, {
          help: 'choose another name',
        });
      }
      if (term.name === '_') return { kind: 'var', span, name: ctx.names.unique('_') };
      return { kind: 'var', span, name: ctx.scopes.find(term.name) ?? term.name };
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
    case 'Ref':
      if (term.head.kind === 'Var' && isDocument(term.head.name))
        ctx.fault('check/parameter', span, 'a parameter cannot be a part of a document', {
          help: 'name the parameter and compare it in the body',
        });
      return ctx.lower.term(ctx, term, sink);
    case 'Set':
      if (!visit(term, { Var: ({ name }) => (isDocument(name) ? undefined : 'stop') }))
        ctx.fault('check/parameter', span, 'a set with variables matches no argument', {
          help: 'name the parameter and look into it in the body',
        });
      return ctx.lower.term(ctx, term, sink);
    default:
      return ctx.lower.term(ctx, term, sink);
  }
}

function isDocument(name: string): boolean {
  return name === 'input' || name === 'data';
}

function lowerField(ctx: RuleContext, entry: ObjectEntry, sink: StepSink): LoweredEntry {
  return {
    span: entry.span,
    key: ctx.lower.term(ctx, entry.key, sink),
    value: lowerParam(ctx, entry.value, sink),
  };
}
