/**
 * Checks a query (`data.p.q = x; x > 1`) against a checked set. Its variables are its answer, so they keep their names.
 * OPA compiles queries a little differently from rules: `==` in a legacy negation does not keep its sides.
 */
import type { Body, Call } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import type { CheckedTypes } from '../types/check-types.ts';
import { makeWording } from '../types/module-types.ts';
import { definednessOf } from './always-defined.ts';
import type { CallCheck } from './calls.ts';
import { checkCalls, makeArityOf } from './calls.ts';
import type { Callee, CheckedModuleSet } from './checked.ts';
import type { RuleContext } from './context.ts';
import { makeNameSource, writtenName } from './context.ts';
import { declaredNames } from './declared.ts';
import { reportCalledVars } from './lower-rule.ts';
import type { Step } from './lowered.ts';
import { LOWERING } from './lowering.ts';
import { collectMocked } from './mocked.ts';
import type { CheckOptions } from './options.ts';
import { DEFAULT_MAX_DIAGNOSTICS } from './options.ts';
import { orderOrReport } from './order.ts';
import { makeRaiseContext, raiseBody } from './raise.ts';
import type { Report } from './report.ts';
import { makeReport } from './report.ts';
import type { RuleNode } from './rule-tree.ts';
import { addRule, describeRule, isFunctionAt, makeRuleTree } from './rule-tree.ts';
import { makeScopes } from './scope.ts';
import { checkWithTargets } from './with-targets.ts';

/** A query in the form the engine evaluates; the invariants of `checked.ts` hold for its body. */
export interface CheckedQuery {
  readonly body: Body;
  readonly callees: ReadonlyMap<Call, Callee>;
  /** Generated or renamed variable → the name in the text. */
  readonly originalNames: ReadonlyMap<string, string>;
}

export interface QueryResult {
  /** Undefined when any fault was found. */
  readonly query: CheckedQuery | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks one query: for several queries of one set use `makeQueryChecker`. */
export function checkQuery(
  source: Source,
  body: Body,
  set: CheckedModuleSet,
  options: CheckOptions,
): QueryResult {
  return makeQueryChecker(set, options)(source, body);
}

/** A checker that looks through the set only once. */
export function makeQueryChecker(
  set: CheckedModuleSet,
  options: CheckOptions,
): (source: Source, body: Body) => QueryResult {
  const tree = makeRuleTree();
  for (const { module, source } of set.modules) {
    for (const rule of module.rules) addRule(tree, describeRule(rule, source, module.package.path));
  }
  return (source, body) => checkOne(source, body, tree, set.types, options);
}

function checkOne(
  source: Source,
  body: Body,
  tree: RuleNode,
  types: CheckedTypes | undefined,
  options: CheckOptions,
): QueryResult {
  const report = makeReport(options.maxDiagnostics ?? DEFAULT_MAX_DIAGNOSTICS);
  const ctx = makeQueryContext(source, body, tree, options, report);
  const steps = ctx.lower.body(ctx, body, []);
  reportCalledVars(ctx);
  const failed = (): QueryResult => ({ query: undefined, diagnostics: report.diagnostics() });
  if (report.errorCount() > 0) return failed();
  const mocked = new Set<string>();
  collectMocked(steps, mocked);
  const arityOf = makeArityOf(options, tree);
  const calls: CallCheck = { options, tree, report, arityOf, mocked, functionNames: () => [] };
  checkWithTargets({ options, tree, report }, source, steps);
  checkCalls(calls, source, steps);
  if (report.errorCount() > 0) return failed();
  const ordered = orderOrReport(
    { report, arityOf, source, names: ctx.names, globals: new Set(), known: [] },
    steps,
    ctx.embeds,
  );
  if (!ordered) return failed();
  const wording = makeWording((name) => writtenName(ctx.names, name));
  for (const { code, span, message, help } of types?.checkQuery(ordered, wording) ?? [])
    report.error(code, source, span, message, help === undefined ? {} : { help });
  if (report.errorCount() > 0) return failed();
  return {
    query: raiseQuery(ctx, ordered, body, options, mocked),
    diagnostics: report.diagnostics(),
  };
}

function raiseQuery(
  ctx: RuleContext,
  steps: readonly Step[],
  body: Body,
  options: CheckOptions,
  mocked: ReadonlySet<string>,
): CheckedQuery {
  const callees = new Map<Call, Callee>();
  const raised = raiseBody(
    makeRaiseContext({
      names: ctx.names,
      callees,
      equalUnifies: false,
      isRelation: (name) => options.builtins.get(name)?.relation === true,
      mocked,
    }),
    steps,
    [],
    body.span,
  );
  return { body: raised.body, callees, originalNames: ctx.names.originals };
}

function makeQueryContext(
  source: Source,
  body: Body,
  tree: RuleNode,
  options: CheckOptions,
  report: Report,
): RuleContext {
  const names = makeNameSource();
  return {
    source,
    report,
    builtins: options.builtins,
    globals: new Map(),
    notBodies: false,
    definednessOf: (keys) => definednessOf(tree, keys, undefined),
    isFunction: (path) => isFunctionAt(tree, path),
    lower: LOWERING,
    scopes: makeScopes((name, isOuter) => (isOuter ? name : names.unique(name))),
    hidden: [declaredNames(body)],
    names,
    called: new Map(),
    builtinVars: new Set(),
    embeds: false,
    asksMetadata: false,
    fault: (code, span, message, extra) => report.error(code, source, span, message, extra),
  };
}
