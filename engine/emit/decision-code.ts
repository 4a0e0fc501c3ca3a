/** Writes the code of decisions by one list of packages, without making functions of it. */
import type { RuleNode } from '../interpret/rule-tree.ts';
import { type DataSearch, dataSearches } from '../plan/data-searches.ts';
import { type DecisionPlan, planDecision } from '../plan/decision-plan.ts';
import type { Block, PlannedRule, Program } from '../plan/ir.ts';
import { type PlanInput, ProgramPlanner } from '../plan/plan-program.ts';
import { inputPathText } from '../reads/input-path.ts';
import { type ReadableRules, readsOfDecision } from '../reads/static-reads.ts';
import type { CodeWriter } from './code-writer.ts';
import { emitDecision } from './emit-decision.ts';

/** The code with what it was written from: the same rules give the same code, with the same constants in the same order. */
export interface DecisionCode {
  readonly plan: DecisionPlan;
  readonly program: Program;
  readonly code: CodeWriter;
  /** Input paths, as decisions name them. */
  readonly reads: readonly string[];
  /** Data that is looked up by a member. */
  readonly searches: readonly DataSearch[];
}

/** Why the reference has to decide, in words, where there is no code. */
export function decisionCode(
  input: PlanInput,
  rules: ReadableRules,
  packages: readonly string[],
): DecisionCode | string {
  const planner = new ProgramPlanner(input);
  const { tree, facts } = input;
  const blocks: Block[] = [];
  const planned = (node: RuleNode): readonly PlannedRule[] => {
    const definitions = planner.definitions(node);
    for (const { attempts } of definitions) for (const { block } of attempts) blocks.push(block);
    return definitions;
  };
  const plan = planDecision({ tree, facts, planned, canFail: planner.canFail }, packages);
  if (typeof plan === 'string') return plan;
  const program = planner.planReachable(blocks);
  const left = program.groups.find(({ interpreted }) => interpreted !== undefined);
  if (left?.interpreted !== undefined)
    return `data.${left.node.path.join('.')}: ${left.interpreted}`;
  const code = emitDecision(plan, program);
  const reads = readsOfDecision(rules, packages).map(inputPathText);
  return { plan, program, code, reads, searches: dataSearches([...blocks, ...blocksOf(program)]) };
}

/** The blocks of all groups of a program. */
export function* blocksOf({ groups }: Pick<Program, 'groups'>): Iterable<Block> {
  for (const { rules, fallbacks, keyed } of groups)
    for (const { attempts } of [...rules, ...fallbacks, ...keyed.flat()])
      for (const { block } of attempts) yield block;
}
