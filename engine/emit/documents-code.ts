/** Writes the code of some documents and all they ask, without making functions of it. */
import type { RuleNode } from '../interpret/rule-tree.ts';
import type { Program } from '../plan/ir.ts';
import { type PlanInput, ProgramPlanner } from '../plan/plan-program.ts';
import type { CodeWriter } from './code-writer.ts';
import { emitProgram } from './emit-program.ts';

export interface DocumentsCode {
  readonly program: Program;
  readonly code: CodeWriter;
}

/** The rules at these nodes and below; why the reference evaluates them, in words, where there is no code. */
export function documentsCode(
  input: PlanInput,
  nodes: readonly RuleNode[],
): DocumentsCode | string {
  const program = new ProgramPlanner(input).planReachable([], nodes.flatMap(rulesBelow));
  const left = program.groups.find(({ interpreted }) => interpreted !== undefined);
  if (left?.interpreted !== undefined)
    return `data.${left.node.path.join('.')}: ${left.interpreted}`;
  return { program, code: emitProgram(program) };
}

function rulesBelow(node: RuleNode): readonly RuleNode[] {
  const own = node.kind === 'branch' ? [] : [node];
  return [...own, ...[...node.children.values()].flatMap(rulesBelow)];
}
