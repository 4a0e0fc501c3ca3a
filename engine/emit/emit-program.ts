/** The code of a program: a function for each definition, and for each group one that makes their values one. */
import type { Block, Group, Operand, PlannedRule, Program } from '../plan/ir.ts';
import type { PlannedQuery } from '../plan/plan-rule.ts';
import { visitOperands } from '../plan/walk-plan.ts';
import { CodeWriter } from './code-writer.ts';
import { writeBlock } from './emit-block.ts';
import { writeExit } from './emit-exit.ts';

/** Writes a program. */
export function emitProgram(program: Program): CodeWriter {
  const out = startProgram();
  writeGroups(out, program.groups, []);
  return out;
}

/** What all code begins with. */
export function startProgram(): CodeWriter {
  const out = new CodeWriter();
  out.line('let fuel = 0;');
  out.line('let refuel = () => 0;');
  return out;
}

/** Writes all groups, and hands back their functions with those named. */
export function writeGroups(
  out: CodeWriter,
  groups: readonly Group[],
  more: readonly string[],
): void {
  for (const group of groups) {
    if (group.kind === 'partial') writePartialGroup(out, group);
    else writeValueGroup(out, group);
  }
  const list = (each: (group: Group) => string): string => `[${groups.map(each).join(', ')}]`;
  const names = (prefix: string, rules: readonly unknown[]): string =>
    `[${rules.map((_, at) => `${prefix}${at}`).join(', ')}]`;
  out.line('return {');
  out.line(
    `values: ${list((group) => (group.kind === 'partial' ? 'undefined' : `n${group.index}`))},`,
  );
  out.line(
    `definitions: ${list((group) =>
      group.kind === 'partial' ? '[]' : names(`d${group.index}_`, group.rules),
    )},`,
  );
  const partials = list(
    ({ index, keyed }) =>
      `[${keyed.map((rules, given) => names(`k${index}_${given}_`, rules)).join(', ')}]`,
  );
  out.line(`partials: ${partials},`);
  out.line(
    `defaults: ${list((group) =>
      group.kind === 'partial' ? names(`e${group.index}_`, group.fallbacks) : '[]',
    )},`,
  );
  out.line('setFuel: (f, r) => { const left = fuel; fuel = f; refuel = r; return left; },');
  for (const name of more) out.line(`${name},`);
  out.line('};');
}

/** Writes a query, which calls the functions of its program. */
export function emitQuery(query: PlannedQuery, groups: readonly Group[]): CodeWriter {
  const out = startProgram();
  for (const { index, kind } of groups) {
    if (kind !== 'partial') out.line(`const n${index} = P.values[${index}];`);
  }
  out.line('return { query: (w, solution, f, r) => {');
  out.line('fuel = f; refuel = r;');
  noteUses(out, [query.block]);
  writeBlock(out, query.block, (operands) => out.line(`solution(${out.boxedList(operands)});`));
  out.line('} };');
  return out;
}

/** Notes how the registers of the blocks are used. */
export function noteUses(out: CodeWriter, blocks: readonly Block[]): void {
  const used = new Set<number>();
  const values = new Set<number>();
  for (const block of blocks) {
    visitOperands(block, (operand, use) => {
      if (operand.kind !== 'register') return;
      used.add(operand.id);
      if (use === 'value') values.add(operand.id);
    });
  }
  out.used = used;
  out.values = values;
}

function parameters(rule: PlannedRule): string {
  return rule.params.map(({ id }) => `, r${id}`).join('');
}

function begin(out: CodeWriter, rule: PlannedRule): void {
  out.site = { rule: rule.rule, span: rule.rule.rule.head.span };
  out.loops = rule.params.length > 0 ? 1 : 0;
  noteUses(
    out,
    rule.attempts.map(({ block }) => block),
  );
}

function writePartialGroup(out: CodeWriter, group: Group): void {
  const { index, keyed, isSet, fallbacks } = group;
  const write = (name: string, rule: PlannedRule): void => {
    begin(out, rule);
    out.line(`function ${name}(w, add${parameters(rule)}) {`);
    for (const { block } of rule.attempts) {
      writeBlock(out, block, (operands, stop) => {
        const [first] = operands;
        const added = isSet && first !== undefined ? out.boxed(first) : out.boxedList(operands);
        out.line(`add(${added});`);
        writeExit(out, block, stop);
      });
    }
    out.line('}');
  };
  for (const [given, rules] of keyed.entries()) {
    for (const [at, rule] of rules.entries()) write(`k${index}_${given}_${at}`, rule);
  }
  for (const [at, rule] of fallbacks.entries()) write(`e${index}_${at}`, rule);
}

function writeValueGroup(out: CodeWriter, group: Group): void {
  const { index, rules, fallbacks } = group;
  const stopsAtFirst = group.firstDecides || (rules.length === 1 && rules[0]?.single === true);
  for (const [at, rule] of rules.entries()) {
    writeDefinition(out, group, `d${index}_${at}`, rule, at, stopsAtFirst);
  }
  for (const [at, rule] of fallbacks.entries()) {
    writeDefinition(out, group, `e${index}_${at}`, rule, at, true);
  }
  const args = Array.from({ length: group.arity }, (_, at) => `, a${at}`).join('');
  const isRule = group.kind === 'complete';
  out.line(`function n${index}(w${args}) {`);
  out.line('if (--fuel < 0) fuel = refuel();');
  if (isRule) {
    out.line(`const known = w.m[${index}];`);
    out.line('if (known !== undefined) return known === NO_VALUE ? undefined : known;');
  } else {
    out.line(`const key = memoKey(w, [${args.slice(2)}]);`);
    out.line(`const memo = w.memo(${index});`);
    out.line('const known = memo.get(key);');
    out.line('if (known !== undefined) return known === NO_VALUE ? undefined : known;');
  }
  out.line('let v;');
  for (const at of rules.keys()) {
    const call = `d${index}_${at}(w, v${args})`;
    out.line(stopsAtFirst && at > 0 ? `if (v === undefined) v = ${call};` : `v = ${call};`);
  }
  for (const at of fallbacks.keys()) {
    out.line(`if (v === undefined) v = e${index}_${at}(w, v${args});`);
  }
  const result = 'v === undefined ? NO_VALUE : v';
  out.line(isRule ? `w.isUsed = true; w.m[${index}] = ${result};` : `memo.set(key, ${result});`);
  out.line('return v;');
  out.line('}');
}

function writeDefinition(
  out: CodeWriter,
  group: Group,
  name: string,
  rule: PlannedRule,
  at: number,
  stopsAtFirst: boolean,
): void {
  begin(out, rule);
  const args = rule.params.map(({ id }) => `r${id}`).join(', ');
  out.line(`function ${name}(w, v${parameters(rule)}) {`);
  if (rule.attempts.length > 1) out.line('let found = false;');
  const solved = (block: Block, [value]: readonly Operand[], stop: string): void => {
    if (value === undefined) return;
    if (stopsAtFirst) {
      out.line(`return ${out.raw(value)};`);
      return;
    }
    if (rule.attempts.length > 1) out.line('found = true;');
    const now = out.fresh('x');
    out.line(`const ${now} = ${out.raw(value)};`);
    out.line(`if (v === undefined) v = ${now};`);
    out.line(`else if (!equal(w, v, ${now})) conflict(w, ${group.index}, ${at}, [${args}]);`);
    writeExit(out, block, stop);
  };
  for (const [number, { block }] of rule.attempts.entries()) {
    if (number > 0) out.line('if (!found) {');
    writeBlock(out, block, (operands, stop) => solved(block, operands, stop));
    if (number > 0) out.line('}');
  }
  out.line(stopsAtFirst ? 'return undefined;' : 'return v;');
  out.line('}');
}
