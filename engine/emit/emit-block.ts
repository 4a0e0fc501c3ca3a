/**
 * JavaScript statements for blocks. A step that fails jumps: to the next element of the loop around it, or out of the block. Nothing
 * is thrown for what is undefined.
 */

import { invariantLets } from '../plan/invariant-lets.ts';
import type { Block, Change, Operand, Step, Test } from '../plan/ir.ts';
import { type ScanSelection, selectionOf } from '../plan/scan-selection.ts';
import type { CodeWriter } from './code-writer.ts';
import { expression, isPartialExpr, results, worldName } from './emit-expr.ts';
import { comparison, holds, membership } from './emit-test.ts';

/** Writes what a solution does; `stop` leaves the whole block. */
export type Solved = (operands: readonly Operand[], stop: string) => void;

/** Writes a block under a label of its own. */
export function writeBlock(out: CodeWriter, block: Block, solved: Solved): void {
  const label = out.fresh('b');
  out.line(`${label}: {`);
  writeSteps(out, block.steps, 0, `break ${label};`, `break ${label};`, solved);
  out.line('}');
}

/** Writes steps from one on; a step that fails does `fail`. */
export function writeSteps(
  out: CodeWriter,
  steps: readonly Step[],
  from: number,
  fail: string,
  stop: string,
  solved: Solved,
): void {
  for (let index = from; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) return;
    if (out.site !== undefined) out.site = { ...out.site, span: step.at };
    const rest = (inner: string): void => writeSteps(out, steps, index + 1, inner, stop, solved);
    switch (step.kind) {
      case 'let':
        writeLet(out, step, fail);
        break;
      case 'test':
        writeTest(out, step.test, fail);
        break;
      case 'world':
        writeWorld(out, step);
        break;
      case 'print':
        writePrint(out, step.args);
        break;
      case 'mark':
        out.line(`t.reach(${step.literal}, ${out.boxedList(step.operands)});`);
        break;
      case 'fail':
        out.line(fail);
        return;
      case 'yield':
        solved(step.operands, stop);
        break;
      default:
        keeping(out, steps, index, () =>
          writeLoop(out, step, rest, usableSelection(out, steps, index)),
        );
        return;
    }
  }
}

/** Data are looked up wherever they are searched, the input where it may be searched more than once. */
function usableSelection(
  out: CodeWriter,
  steps: readonly Step[],
  at: number,
): ScanSelection | undefined {
  const step = steps[at];
  if (out.isWatched || step?.kind !== 'scan') return undefined;
  const isData = step.of.kind === 'register' && step.of.domain === 'value';
  return isData || out.loops > 0 ? selectionOf(steps, at) : undefined;
}

/** Declares variables for what is the same for each element of a loop, see plan/invariant-lets.ts, and writes the loop. */
function keeping(out: CodeWriter, steps: readonly Step[], at: number, write: () => void): void {
  const made = invariantLets(steps, at).filter(({ to }) => !out.kept.has(to.id));
  for (const { to } of made) {
    out.kept.add(to.id);
    out.line(`let r${to.id} = NO_VALUE;`);
  }
  out.loops += 1;
  write();
  out.loops -= 1;
  for (const { to } of made) out.kept.delete(to.id);
}

function writeLet(out: CodeWriter, step: Extract<Step, { kind: 'let' }>, fail: string): void {
  const { to, expr } = step;
  const name = `r${to.id}`;
  if (out.kept.has(to.id)) {
    out.line(`if (${name} === NO_VALUE) {`);
    out.line(`${name} = ${expression(out, expr, writeBlock)};`);
    out.line('}');
    if (isPartialExpr(expr)) out.line(`if (${name} === undefined) ${fail}`);
    return;
  }
  const made = expression(out, expr, writeBlock);
  const isRead = ['input', 'member', 'item', 'entry'].includes(expr.kind);
  const isText = to.domain === 'any' && isRead && out.values.has(to.id);
  out.line(`const ${name} = ${isText ? `sound(${made})` : made};`);
  if (isPartialExpr(expr)) out.line(`if (${name} === undefined) ${fail}`);
}

function writeTest(out: CodeWriter, test: Test, fail: string): void {
  switch (test.kind) {
    case 'compare':
      out.line(`if (!(${comparison(out, test.operator, test.left, test.right)})) ${fail}`);
      return;
    case 'holds':
      out.line(`if (!${holds(out, test.operand)}) ${fail}`);
      return;
    case 'defined':
      out.line(`if (${out.raw(test.operand)} === undefined) ${fail}`);
      return;
    case 'membership':
      out.line(`if (!${membership(out, test.args)}) ${fail}`);
      return;
    case 'isArray':
      out.line(`if (!isArrayOf(${out.raw(test.operand)}, ${test.length})) ${fail}`);
      return;
    case 'isObject':
      out.line(`if (!isObjectOf(w, ${out.raw(test.operand)}, ${test.size})) ${fail}`);
      return;
    case 'not':
      out.line(`if (${flagOf(out, test.block)}) ${fail}`);
      return;
    case 'logical':
      writeLogical(out, test, fail);
      return;
    case 'every':
      writeEvery(out, test, fail);
      return;
  }
}

/** A variable that tells whether a block has a solution. */
function flagOf(out: CodeWriter, block: Block, flag = out.fresh('h')): string {
  out.line(`let ${flag} = false;`);
  writeBlock(out, block, (_, stop) => out.line(`${flag} = true; ${stop}`));
  return flag;
}

function writeLogical(
  out: CodeWriter,
  { operator, left, right }: Extract<Test, { kind: 'logical' }>,
  fail: string,
): void {
  const flag = flagOf(out, left);
  out.line(operator === 'and' ? `if (${flag}) {` : `if (!${flag}) {`);
  const other = flagOf(out, right);
  out.line(`${flag} = ${other};`);
  out.line('}');
  out.line(`if (!${flag}) ${fail}`);
}

function writeEvery(out: CodeWriter, test: Extract<Test, { kind: 'every' }>, fail: string): void {
  const { domain, key, value, block } = test;
  const loop: Step = { kind: 'scan', of: domain, key, value, at: NOWHERE };
  keeping(out, [loop, ...block.steps], 0, () => writeEveryLoop(out, test, fail));
}

const NOWHERE = { start: 0, end: 0 } as const;

function writeEveryLoop(
  out: CodeWriter,
  { domain, key, value, block }: Extract<Test, { kind: 'every' }>,
  fail: string,
): void {
  out.line(`if (!isCollection(${out.raw(domain)})) ${fail}`);
  const [all, members, at] = [out.fresh('h'), out.fresh('m'), out.fresh('i')];
  out.line(`let ${all} = true;`);
  out.line(`const ${members} = valuesOf(w, ${out.raw(domain)});`);
  const keys = key && writeKeys(out, domain);
  out.line(`for (let ${at} = 0; ${at} < ${members}.length; ${at} += 1) {`);
  out.line('if (--fuel < 0) fuel = refuel();');
  writeElement(out, value.id, members, at, value.domain);
  if (key !== undefined && keys !== undefined) writeElement(out, key.id, keys, at, key.domain);
  const holds = flagOf(out, block);
  out.line(`if (!${holds}) { ${all} = false; break; }`);
  out.line('}');
  out.line(`if (!${all}) ${fail}`);
}

function writeKeys(out: CodeWriter, of: Operand, chosen?: string): string {
  const keys = out.fresh('k');
  const all = `keysOf(w, ${out.raw(of)})`;
  out.line(`const ${keys} = ${chosen === undefined ? all : `${chosen}?.keys ?? ${all}`};`);
  return keys;
}

/** The elements that can go on, where an index of the collection tells; else undefined. */
function writeChosen(out: CodeWriter, of: Operand, { path, wanted }: ScanSelection): string {
  const chosen = out.fresh('s');
  const value = wanted.kind === 'input' ? expression(out, wanted, writeBlock) : out.raw(wanted);
  const isInput = of.kind === 'register' && of.domain === 'any';
  out.line(
    `const ${chosen} = chosenEntries(w, ${out.raw(of)}, ${out.constant(path)}, ${value}, ${isInput});`,
  );
  return chosen;
}

function writeElement(
  out: CodeWriter,
  register: number,
  list: string,
  at: string,
  domain: string,
): void {
  const element = `${list}[${at}]`;
  const isText = domain === 'any' && out.values.has(register);
  out.line(`const r${register} = ${isText ? `sound(${element})` : element};`);
}

type Loop = Extract<Step, { kind: 'scan' | 'results' | 'children' }>;

function writeLoop(
  out: CodeWriter,
  step: Loop,
  rest: (fail: string) => void,
  selection: ScanSelection | undefined,
): void {
  const label = out.fresh('l');
  const next = `continue ${label};`;
  if (step.kind === 'results') {
    out.line(`${label}: for (const r${step.value.id} of ${results(out, step.call)}) {`);
    out.line('if (--fuel < 0) fuel = refuel();');
    rest(next);
    out.line('}');
    return;
  }
  const [members, at] = [out.fresh('m'), out.fresh('i')];
  if (step.kind === 'children') {
    const world = worldName(step.world);
    out.line(`const ${members} = placeKeys(${world}, ${out.raw(step.of)});`);
    out.line(`${label}: for (let ${at} = 0; ${at} < ${members}.length; ${at} += 1) {`);
    out.line('if (--fuel < 0) fuel = refuel();');
    out.line(`const r${step.key.id} = ${members}[${at}];`);
    const child = `placeChild(${world}, ${out.raw(step.of)}, ${at}, r${step.key.id}, ${out.rawList(step.rest)})`;
    out.line(`const r${step.child.id} = ${child};`);
    out.line(`if (r${step.child.id} === undefined) ${next}`);
    rest(next);
    out.line('}');
    return;
  }
  const { key, value, of } = step;
  const chosen = selection && writeChosen(out, of, selection);
  const all = `valuesOf(w, ${out.raw(of)})`;
  out.line(`const ${members} = ${chosen === undefined ? all : `${chosen}?.values ?? ${all}`};`);
  const keys = key !== undefined && out.used.has(key.id) ? writeKeys(out, of, chosen) : undefined;
  out.line(`${label}: for (let ${at} = 0; ${at} < ${members}.length; ${at} += 1) {`);
  out.line('if (--fuel < 0) fuel = refuel();');
  if (value !== undefined && out.used.has(value.id))
    writeElement(out, value.id, members, at, value.domain);
  if (key !== undefined && keys !== undefined) writeElement(out, key.id, keys, at, key.domain);
  rest(next);
  out.line('}');
}

function writeWorld(out: CodeWriter, step: Extract<Step, { kind: 'world' }>): void {
  let made = worldName(step.from);
  for (const change of step.changes) made += changeCall(out, change, step);
  out.line(`const ${worldName(step.to)} = ${made};`);
}

function changeCall(
  out: CodeWriter,
  change: Change,
  { site }: Extract<Step, { kind: 'world' }>,
): string {
  switch (change.kind) {
    case 'input':
      return `.withInput(${out.boxedList(change.path)}, ${out.boxed(change.value)})`;
    case 'data': {
      const path = `dataPath(${out.boxedList(change.path)}, ${out.constant(site)})`;
      return `.withData(${path}, ${out.boxed(change.value)})`;
    }
    case 'constantMock': {
      const mock = `{ kind: "value", value: ${out.boxed(change.value)} }`;
      return `.withMock(${out.constant(change.name)}, ${mock})`;
    }
    case 'mock':
      return `.withMock(${out.constant(change.name)}, ${out.constant(change.mock)})`;
  }
}

function writePrint(out: CodeWriter, args: readonly Block[]): void {
  out.line('if (w.e.print !== undefined) {');
  const lists = args.map((arg) => {
    const list = out.fresh('p');
    out.line(`const ${list} = [];`);
    writeBlock(out, arg, ([shown]) => shown && out.line(`${list}.push(${out.boxed(shown)});`));
    return list;
  });
  out.line(`printLines(w, [${lists.join(', ')}]);`);
  out.line('}');
}
