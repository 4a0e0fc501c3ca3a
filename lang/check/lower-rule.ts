/** A rule in lowered form: parameters, then each branch's body and head in a scope of its own. */
import type { Body, Rule, RuleHead, Term } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { ModuleContext, NameSource, RuleContext, StepSink } from './context.ts';
import { declaredNames } from './declared.ts';
import { declareParams, lowerParams, paramNames } from './lower-params.ts';
import { isDeterminedByParts, pushEq } from './lower-step.ts';
import type { LoweredBranch, LoweredSegment, LoweredTerm, LoweredVar } from './lowered.ts';
import { makeScopes } from './scope.ts';

export interface LoweredRule {
  /** The definition itself, then its `else` branches. */
  readonly branches: readonly LoweredBranch[];
  readonly names: NameSource;
  /** Holds a template or `print`. */
  readonly embeds: boolean;
  /** Calls `rego.metadata.*`. */
  readonly asksMetadata: boolean;
  /** A fault was found: what follows from it is not worth reporting. */
  readonly faulty: boolean;
}

/** Lowers a rule, reporting faults of names and declarations. */
export function lowerRule(module: ModuleContext, rule: Rule, names: NameSource): LoweredRule {
  let faulty = false;
  let embeds = false;
  let asksMetadata = false;
  const scopes = makeScopes((name) => names.unique(name));
  declareParams(scopes, rule.head.params ?? []);
  const shared: LoweredVar[] = [];
  const lowerBranch = (
    body: Body | undefined,
    head: RuleHead,
    value: Term | undefined,
  ): LoweredBranch => {
    const ctx: RuleContext = {
      ...module,
      names,
      scopes: scopes.copy(),
      hidden: [paramNames(rule.head.params), declaredNames(body)],
      called: new Map(),
      builtinVars: new Set(),
      embeds: false,
      asksMetadata: false,
      fault: (code, span, message, extra) => {
        faulty = true;
        module.report.error(code, module.source, span, message, extra);
      },
    };
    const lowered = lowerHeadAndBody(ctx, body, head, value, shared);
    reportCalledVars(ctx);
    embeds ||= ctx.embeds;
    asksMetadata ||= ctx.asksMetadata;
    return lowered;
  };
  const own = rule.head;
  const branches = [lowerBranch(rule.body, own, own.value)];
  for (const branch of rule.else) branches.push(lowerBranch(branch.body, own, branch.value));
  return { branches, names, embeds, asksMetadata, faulty };
}

/** A builtin that is called cannot give its name to a variable of the same branch. */
export function reportCalledVars(ctx: RuleContext): void {
  for (const name of ctx.builtinVars) {
    const span = ctx.called.get(name);
    if (!span) continue;
    ctx.fault(
      'check/shadowed-function',
      span,
      `\`${name}\` is called, but is also a variable of this rule`,
      { help: 'give the variable another name' },
    );
  }
}

function lowerHeadAndBody(
  ctx: RuleContext,
  body: Body | undefined,
  head: RuleHead,
  value: Term | undefined,
  shared: LoweredVar[],
): LoweredBranch {
  const headTerms = head.ref.path.map((segment) => segment.term);
  if (head.contains) headTerms.push(head.contains);
  if (value) headTerms.push(value);
  const steps = body ? ctx.lower.body(ctx, body, headTerms) : [];
  const sink: StepSink = { steps, with: [], origin: undefined };
  const path = head.ref.path.map((segment): LoweredSegment => {
    const term = ctx.lower.term(ctx, segment.term, sink);
    const isPlain = term.kind === 'scalar' || (term.kind === 'var' && !isDocument(term));
    return {
      style: segment.style,
      span: segment.span,
      term: isPlain ? term : pushEq(ctx, term, sink),
    };
  });
  ctx.scopes.enterHead();
  const params = head.params && lowerParams(ctx, head.params, sink, shared);
  const contains = head.contains && settle(ctx, head.contains, sink);
  const result = value && settle(ctx, value, sink);
  return { params, contains, value: result, path, body: steps };
}

function isDocument(term: { readonly name: string; readonly span: Span }): boolean {
  return term.name === 'data' || term.name === 'input';
}

/** A head term; what must be evaluated is moved to the end of the body. */
function settle(ctx: RuleContext, term: Term, sink: StepSink): LoweredTerm {
  const lowered = ctx.lower.term(ctx, term, sink);
  return isDeterminedByParts(lowered) ? lowered : pushEq(ctx, lowered, sink);
}
