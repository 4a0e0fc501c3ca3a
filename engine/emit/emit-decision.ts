/** The code of a decision: the functions it calls, and one that walks through the rules and gives back what they decide. */

import type { DecisionPlan } from '../plan/decision-plan.ts';
import type { Block, Program, Step } from '../plan/ir.ts';
import type { Template } from '../plan/match-plan.ts';
import { BLOCK } from '../plan/match-tables.ts';
import { visitOperands } from '../plan/walk-plan.ts';
import type { CodeWriter } from './code-writer.ts';
import { writeBlock } from './emit-block.ts';
import { writeMatch, writeTruth } from './emit-match.ts';
import { startProgram, writeGroups } from './emit-program.ts';

/** Iterations and calls between two questions to the budget. */
const FUEL = 1_023;

/** Writes a decision; `P` gives its answers when the code runs. */
export function emitDecision(plan: DecisionPlan, program: Program): CodeWriter {
  const out = startProgram();
  out.line('const N = P.numbers, D = P.decisions;');
  // What holds is a block plus which of its rules; states are numbers, 0 the one in which nothing holds.
  out.line('function next(s, holds) {');
  out.line(`const known = s === 0 ? N[holds + ${BLOCK.leads}] : P.transitions.get(s, holds);`);
  out.line('return known !== 0 ? known : P.follow(s, holds);');
  out.line('}');
  out.line('function decide(w) {');
  out.line(`const left = fuel, before = refuel; fuel = ${FUEL}; refuel = w.e.refuel;`);
  out.line('let s = 0;');
  out.line('let f;');
  prepareMatch(out, plan);
  writeMatch(out, plan.match, plan.values);
  writeChains(out, plan);
  out.line('fuel = left; refuel = before;');
  out.line('if (f !== undefined) return P.compose(s, f);');
  out.line('const d = D[s];');
  out.line('return d !== undefined ? d : P.conclude(s);');
  out.line('}');
  writeGroups(out, program.groups, ['decide']);
  return out;
}

/** Notes how the registers of everything but chains are used. */
function prepareMatch(out: CodeWriter, { match, values }: DecisionPlan): void {
  const steps: Step[] = match.flags.map(({ test }) => ({ kind: 'test', test, at: NOWHERE }));
  for (const { register, expr } of values.all())
    if (expr !== undefined) steps.push({ kind: 'let', to: register, expr, at: NOWHERE });
  const used = new Set<number>();
  const collect = ({ features }: Template): void => {
    for (const feature of features) {
      if (feature.kind === 'rows') steps.push(...feature.form.steps);
      if (feature.kind === 'scan') used.add(feature.scan.of.register.id);
      if (feature.kind === 'equal' || feature.kind === 'prefix') used.add(feature.of.register.id);
      if ('inner' in feature) collect(feature.inner);
    }
  };
  collect(match.root);
  noteUses(out, { steps }, used);
}

function noteUses(out: CodeWriter, block: Block, used: Set<number>): void {
  const values = new Set<number>();
  visitOperands(block, (operand, use) => {
    if (operand.kind !== 'register') return;
    used.add(operand.id);
    if (use === 'value') values.add(operand.id);
  });
  out.used = used;
  out.values = values;
}

/** Rules with `else`: the first attempt with a solution counts. */
function writeChains(out: CodeWriter, { chains, match }: DecisionPlan): void {
  for (const { rule, attempts } of chains) {
    const found = out.fresh('h');
    out.site = { rule, span: rule.rule.head.span };
    noteUses(out, { steps: attempts.flatMap(({ block }) => block.steps) }, new Set());
    out.line(`let ${found} = false;`);
    for (const { block, sayings } of attempts) {
      const says = String(match.blocks.add(sayings));
      out.line(`if (!${found}) {`);
      writeBlock(out, block, ([value]) => {
        out.line(`${found} = true;`);
        if (sayings.length < 2 || value === undefined) out.line(`s = next(s, ${says} + 1);`);
        else writeTruth(out, out.boxed(value), says);
      });
      out.line('}');
    }
    out.site = undefined;
  }
}

const NOWHERE = { start: 0, end: 0 } as const;
