/** From a lowered rule to a checked one: calls, `with`, safety and order, then back to syntax. */
import type { Body, Call, ElseBranch, Rule, RuleHead, Term } from '../ast/nodes.ts';
import type { Source } from '../source.ts';
import type { CallCheck } from './calls.ts';
import { checkCalls } from './calls.ts';
import type { Callee, CheckedRule } from './checked.ts';
import type { NameSource } from './context.ts';
import { writtenName } from './context.ts';
import type { LoweredRule } from './lower-rule.ts';
import type { LoweredBranch, LoweredTerm } from './lowered.ts';
import { orderOrReport } from './order.ts';
import { refuseOutputPatterns } from './output-patterns.ts';
import { makeRaiseContext, raiseBody } from './raise.ts';
import type { RaiseContext } from './raise-term.ts';
import { raiseTerm } from './raise-term.ts';
import type { RuleEntry } from './rule-tree.ts';
import { stepVars, termVars } from './vars.ts';
import type { WithCheck } from './with-targets.ts';
import { checkWithTargets } from './with-targets.ts';

export interface Finishing {
  readonly calls: CallCheck;
  readonly withs: WithCheck;
  readonly callees: Map<Call, Callee>;
  /** Names in the reach of a module, for "did you mean". */
  readonly knownNames: (source: Source) => Iterable<string>;
}

/** Checks and raises a rule; undefined when a fault was reported. */
export function finishRule(
  finishing: Finishing,
  entry: RuleEntry,
  lowered: LoweredRule,
): CheckedRule | undefined {
  if (lowered.faulty) return undefined;
  const { names } = lowered;
  let sound = true;
  for (const branch of lowered.branches) {
    const withFaults = checkWithTargets(finishing.withs, entry.source, branch.body);
    const callFaults = checkCalls(finishing.calls, entry.source, branch.body);
    if (withFaults || callFaults || !orderBranch(finishing, entry, branch, names, lowered.embeds)) {
      sound = false;
    }
  }
  if (!sound) return undefined;
  return {
    rule: raiseRule(finishing, entry.rule, lowered),
    source: entry.source,
    package: entry.package,
    path: entry.path,
    originalNames: names.originals,
  };
}

function orderBranch(
  finishing: Finishing,
  entry: RuleEntry,
  branch: LoweredBranch,
  names: NameSource,
  embeds: boolean,
): boolean {
  const globals = new Set<string>();
  for (const param of branch.params ?? []) termVars(param, {}, globals);
  const ordered = orderOrReport(
    {
      report: finishing.calls.report,
      arityOf: finishing.calls.arityOf,
      source: entry.source,
      names,
      globals,
      known: finishing.knownNames(entry.source),
    },
    branch.body,
    embeds,
  );
  if (!ordered) return false;
  branch.body = ordered;
  if (refuseOutputPatterns(finishing.calls, entry.source, branch)) return false;
  return checkHead(finishing, entry, branch, names, globals);
}

/** Variables of the head must have a value after the body. */
function checkHead(
  finishing: Finishing,
  entry: RuleEntry,
  branch: LoweredBranch,
  names: NameSource,
  globals: ReadonlySet<string>,
): boolean {
  const heads: LoweredTerm[] = branch.path.map((segment) => segment.term);
  if (branch.contains) heads.push(branch.contains);
  if (branch.value) heads.push(branch.value);
  let known: Set<string> | undefined;
  let sound = true;
  for (const head of heads) {
    const named = new Set<string>();
    termVars(head, {}, named);
    if (named.size === 0) continue;
    known ??= knownAfter(branch, globals);
    for (const name of named) {
      if (known.has(name)) continue;
      sound = false;
      const shown = writtenName(names, name);
      finishing.calls.report.error(
        'check/unsafe-var',
        entry.source,
        head.span,
        `\`${shown}\` has no value in the rule's head`,
        {
          help: 'bind it in the body',
        },
      );
    }
  }
  return sound;
}

function knownAfter(branch: LoweredBranch, globals: ReadonlySet<string>): Set<string> {
  const known = new Set(globals);
  for (const step of branch.body) stepVars(step, 'direct', known);
  return known;
}

function raiseRule(finishing: Finishing, rule: Rule, lowered: LoweredRule): Rule {
  const { options } = finishing.calls;
  const ctx = makeRaiseContext({
    names: lowered.names,
    callees: finishing.callees,
    equalUnifies: true,
    isRelation: (name) => options.builtins.get(name)?.relation === true,
    mocked: finishing.calls.mocked,
  });
  const [first, ...others] = lowered.branches;
  if (!first) return rule;
  const raised = raiseBranch(ctx, first, rule.body ?? rule.head);
  const head = headWith(rule.head, raised);
  if (rule.else.length === 0) return { ...rule, head, body: raised.body };
  const branches = rule.else.map((branch, at): ElseBranch => {
    const own = others[at];
    if (!own) return branch;
    const { value, body } = raiseBranch(ctx, own, branch.body ?? branch);
    return { ...branch, value, body };
  });
  return { ...rule, head, body: raised.body, else: branches };
}

/** The head with what its terms became; itself where they are what they were. */
function headWith(head: RuleHead, { path, params, contains, value }: RaisedBranch): RuleHead {
  const isSamePath = head.ref.path.every(({ term }, at) => (path[at] ?? term) === term);
  const isSame = contains === head.contains && value === head.value && params === undefined;
  if (isSamePath && isSame) return head;
  const segments = head.ref.path.map((segment, at) => ({
    ...segment,
    term: path[at] ?? segment.term,
  }));
  const ref = isSamePath ? head.ref : { ...head.ref, path: segments };
  return { ...head, ref, params, contains, value };
}

interface RaisedBranch {
  readonly params: readonly Term[] | undefined;
  readonly path: readonly Term[];
  readonly contains: Term | undefined;
  readonly value: Term | undefined;
  readonly body: Body | undefined;
}

function raiseBranch(
  ctx: RaiseContext,
  branch: LoweredBranch,
  place: { readonly span: Body['span'] },
): RaisedBranch {
  const params = branch.params?.map((param) => raiseTerm(ctx, param, () => undefined));
  const heads = branch.path.map((segment) => segment.term);
  if (branch.contains) heads.push(branch.contains);
  if (branch.value) heads.push(branch.value);
  const { body, heads: raised } = raiseBody(ctx, branch.body, heads, place.span);
  const count = branch.path.length;
  return {
    params,
    path: raised.slice(0, count),
    contains: branch.contains && raised[count],
    value: branch.value && raised[raised.length - 1],
    body: body.literals.length > 0 ? body : undefined,
  };
}
