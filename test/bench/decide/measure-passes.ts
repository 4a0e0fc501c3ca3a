/** What each pass of the plan spares: a rule it helps beside the same work written so that it cannot. Results are compared first. */
import { evaluatePath } from '../../../engine/evaluate.ts';
import { compilePolicies, type PolicySet } from '../../../engine/policy-set.ts';
import { toPlain } from '../../../engine/value/plain.ts';
import { median, medianRatio, printFigure } from './figures.ts';
import type { Plan } from './measure.ts';

const SIZE = 500;
const APPS = Array.from({ length: SIZE }, (_, at) => `app-${at}`);
const INPUT = {
  name: 'Ada',
  apps: APPS,
  servers: APPS.map((app, at) => ({ app, name: `s${at}` })),
};

/** By pass: the rule it helps, and one with the same value that it cannot help. */
const PASSES: Readonly<Record<string, readonly [helped: string, beside: string]>> = {
  'common expressions': [
    `x := count([a | some a in input.apps; ${repeated('lower(a)')}])`,
    `x := count([a | some a in input.apps; ${repeated('lower(concat("", [a, "TEXT"]))', true)}])`,
  ],
  'loop-invariant motion': [
    'x := count([a | some a in input.apps; a != concat("-", split(lower(input.name), ""))])',
    'x := count([a | some a in input.apps; a != concat("-", split(lower(concat("", [input.name, a])), ""))])',
  ],
  'early exit': [
    'y contains "one" if { some a in input.apps; some s in input.servers; s.app != a }\n\nx := count(y)',
    'y contains z if { some a in input.apps; some s in input.servers; s.app != a; z := object.get(s, "none", "one") }\n\nx := count(y)',
  ],
  'comprehension index': [
    'x := count([n | some a in input.apps; n := {s.name | some s in input.servers; s.app == a}])',
    'x := count([n | some a in input.apps; n := {s.name | some s in input.servers; s.app >= a; s.app <= a}])',
  ],
};

/** Eight tests of an expression; each of another text where it is to be computed anew. */
function repeated(expression: string, anew = false): string {
  return Array.from({ length: 8 }, (_, at) => {
    const text = anew ? expression.replace('TEXT', String(at)) : expression;
    return `${text} != "no-${at}"`;
  }).join('; ');
}

/** One line for each pass. */
export function measurePasses({ rounds, ms }: Plan): void {
  for (const [pass, rules] of Object.entries(PASSES)) {
    const [helped, beside] = rules.map((text) => compile(text));
    if (helped === undefined || beside === undefined) throw new Error('two rules');
    if (resultOf(helped) !== resultOf(beside)) throw new Error(`${pass}: other results`);
    const pairs = Array.from({ length: rounds }, () => [timeOf(helped, ms), timeOf(beside, ms)]);
    const [with_, without] = [0, 1].map((side) => pairs.map((pair) => pair[side] ?? Number.NaN));
    if (with_ === undefined || without === undefined) throw new Error('two sides');
    printFigure(
      'pass',
      { pass, elements: SIZE, beside: 'work it cannot spare' },
      { us: median(with_), beside_us: median(without), times_faster: medianRatio(without, with_) },
      'times_faster',
      { least: 1 },
    );
  }
}

function compile(rules: string): PolicySet {
  const text = `package p\n\n${rules}\n`;
  const { policySet, diagnostics } = compilePolicies({ policies: [{ name: 'p.policy', text }] });
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}

function resultOf(policySet: PolicySet): unknown {
  const evaluation = evaluatePath(policySet, ['p', 'x'], { input: INPUT, engine: 'compiled' });
  if (!evaluation.ok) throw new Error(evaluation.error.message);
  return evaluation.result && toPlain(evaluation.result);
}

/** Microseconds of one evaluation. */
function timeOf(policySet: PolicySet, ms: number): number {
  const begun = performance.now();
  let count = 0;
  for (; performance.now() - begun < ms; count += 1) resultOf(policySet);
  return ((performance.now() - begun) * 1_000) / count;
}
