/**
 * A plan as text for readers, one step a line: what is read, tested, gone through and yielded, and the place in the policy it stands for.
 * The same rules give the same text. What it says is documented in docs/build.md.
 */
import { positionAt } from '../../lang/source.ts';
import { termText } from '../value/text.ts';
import { earlyExit } from './early-exit.ts';
import { invariantLets } from './invariant-lets.ts';
import type {
  Block,
  Change,
  Expr,
  Group,
  Operand,
  PlannedRule,
  Program,
  Step,
  Test,
} from './ir.ts';
import { PARAMETERS } from './match-plan.ts';
import { OWN_REGISTERS } from './rule-path.ts';
import { type ScanSelection, selectionOf } from './scan-selection.ts';

/** The groups of a program that are asked for, by their places. */
export function programText(
  { groups }: Program,
  isShown: (group: Group) => boolean = () => true,
): string {
  return groups
    .filter(isShown)
    .map((group) => groupLines(group, groups).join('\n'))
    .join('\n\n');
}

function groupLines(group: Group, groups: readonly Group[]): readonly string[] {
  const name = `data.${group.node.path.join('.')}`;
  const stops =
    group.firstDecides && group.kind !== 'partial' ? ', the first that holds decides' : '';
  const set = group.kind === 'partial' && group.isSet ? ', a set' : '';
  const lines = [`${name}: ${group.kind}${stops}${set}`];
  const writer = new PlanWriter(groups);
  for (const rule of group.rules) lines.push(...writer.ruleLines(rule, ''));
  for (const rule of group.fallbacks) lines.push(...writer.ruleLines(rule, 'default '));
  if (group.interpreted !== undefined)
    lines.push(`  left to the interpreter: ${group.interpreted}`);
  return lines;
}

/** Writes steps; programs and decisions are made of them. */
export class PlanWriter {
  readonly #groups: readonly Group[];

  constructor(groups: readonly Group[]) {
    this.#groups = groups;
  }

  ruleLines({ rule, params, attempts }: PlannedRule, word: string): readonly string[] {
    const { line } = positionAt(rule.source, rule.rule.span.start);
    const given = params.length === 0 ? '' : `(${params.map(operandText).join(', ')})`;
    return [
      `  ${word}${rule.source.name}:${line}${given}`,
      ...attempts.flatMap(({ block, branch }) => [
        ...(branch === 0 ? [] : [`  else ${branch}`]),
        ...this.blockLines(block, '    '),
      ]),
    ];
  }

  blockLines(block: Block, indent: string): readonly string[] {
    const { steps } = block;
    const lines: string[] = [];
    const kept = new Set<Step>();
    const stop = earlyExit(block) === 'never' ? '' : ', and stop';
    let inner = indent;
    for (const [at, step] of steps.entries()) {
      const isLoop = step.kind === 'scan' || step.kind === 'results' || step.kind === 'children';
      if (isLoop) for (const each of invariantLets(steps, at)) kept.add(each);
      const [first = '', ...more] = this.#stepLines(step, inner, selectionOf(steps, at));
      const said = kept.has(step) ? ', kept' : step.kind === 'yield' ? stop : '';
      lines.push(...(first === '' ? [] : [`${first}${said}`]), ...more);
      if (isLoop) inner += '  ';
    }
    return lines;
  }

  #stepLines(step: Step, indent: string, selection: ScanSelection | undefined): readonly string[] {
    switch (step.kind) {
      case 'let':
        return this.letLines(operandText(step.to), step.expr, indent);
      case 'test':
        return this.testLines(step.test, indent);
      case 'scan': {
        const names = [step.key, step.value].flatMap((each) =>
          each === undefined ? [] : [operandText(each)],
        );
        const by = selection === undefined ? '' : `, found by ${selection.path.join('.')}`;
        return [
          `${indent}for each ${names.join(', ') || 'member'} of ${operandText(step.of)}${by}`,
        ];
      }
      case 'results':
        return [`${indent}for each ${operandText(step.value)} of ${this.#exprText(step.call)}`];
      case 'children':
        return [
          `${indent}for each ${operandText(step.key)}, ${operandText(step.child)} below ${operandText(step.of)}`,
        ];
      case 'world':
        return [`${indent}with ${step.changes.map(changeText).join(', ')}: w${step.to}`];
      case 'print':
        return [
          `${indent}print`,
          ...step.args.flatMap((arg) => this.blockLines(arg, `${indent}  `)),
        ];
      case 'mark':
        return [];
      case 'fail':
        return [`${indent}fail`];
      case 'yield':
        return [`${indent}yield ${listText(step.operands)}`.trimEnd()];
    }
  }

  letLines(to: string, expr: Expr, indent: string): readonly string[] {
    const head = `${indent}${to} := ${this.#exprText(expr)}`;
    const inner = `${indent}  `;
    if (expr.kind === 'comprehension') return [head, ...this.blockLines(expr.block, inner)];
    if (expr.kind !== 'template') return [head];
    return [
      head,
      ...expr.parts.flatMap((part) =>
        typeof part === 'string' ? [] : this.blockLines(part, inner),
      ),
    ];
  }

  testLines(test: Test, indent: string): readonly string[] {
    const inner = `${indent}  `;
    switch (test.kind) {
      case 'compare':
        return [
          `${indent}test ${operandText(test.left)} ${test.operator} ${operandText(test.right)}`,
        ];
      case 'holds':
        return [`${indent}test ${operandText(test.operand)}`];
      case 'defined':
        return [`${indent}test ${operandText(test.operand)} has a value`];
      case 'membership':
        return [`${indent}test ${membershipText(test.args)}`];
      case 'isArray':
        return [`${indent}test ${operandText(test.operand)} is an array of ${test.length}`];
      case 'isObject':
        return [`${indent}test ${operandText(test.operand)} is an object of ${test.size}`];
      case 'not':
        return [`${indent}test not`, ...this.blockLines(test.block, inner)];
      case 'logical':
        return [
          `${indent}test`,
          ...this.blockLines(test.left, inner),
          `${indent}${test.operator}`,
          ...this.blockLines(test.right, inner),
        ];
      case 'every': {
        const names = [test.key, test.value].flatMap((each) =>
          each === undefined ? [] : [operandText(each)],
        );
        return [
          `${indent}test every ${names.join(', ')} of ${operandText(test.domain)}`,
          ...this.blockLines(test.block, inner),
        ];
      }
    }
  }

  #exprText(expr: Expr): string {
    switch (expr.kind) {
      case 'operand':
        return operandText(expr.operand);
      case 'input':
        return inWorld(['input', ...expr.names].join('.'), expr.world);
      case 'base':
        return inWorld(['data', ...expr.names].join('.'), expr.world);
      case 'member':
      case 'entry':
        return `${operandText(expr.of)}[${operandText(expr.key)}]`;
      case 'item':
        return `${operandText(expr.of)}[${expr.index}]`;
      case 'rule':
        return inWorld(this.#nameOf(expr.group), expr.world);
      case 'partial':
        return inWorld(this.#nameOf(expr.group) + keysText(expr.keys), expr.world);
      case 'root':
        return inWorld('place of data', expr.world);
      case 'child':
        return `place ${operandText(expr.of)}[${operandText(expr.key)}]`;
      case 'document':
        return `document at ${operandText(expr.of)}`;
      case 'call': {
        const { callee } = expr;
        const name = callee.kind === 'builtin' ? callee.name : this.#nameOf(callee.group);
        return inWorld(`${name}(${listText(expr.args)})`, expr.world);
      }
      case 'array':
        return `[${listText(expr.items)}]`;
      case 'set':
        return expr.items.length === 0 ? 'set()' : `{${listText(expr.items)}}`;
      case 'object':
        return `{${entriesText(expr.flat)}}`;
      case 'compare':
        return `${operandText(expr.left)} ${expr.operator} ${operandText(expr.right)}`;
      case 'membership':
        return membershipText(expr.args);
      case 'comprehension':
        return `${expr.form} of`;
      case 'template':
        return `text of ${expr.parts.map((part) => (typeof part === 'string' ? termText(part) : '{}')).join(' ')}`;
    }
  }

  #nameOf(group: number): string {
    return `data.${this.#groups[group]?.node.path.join('.') ?? group}`;
  }
}

function inWorld(text: string, world: number): string {
  return world === 0 ? text : `${text} in w${world}`;
}

/**
 * A constant as the language writes it, a register by its number and, where it has one, the name of its variable; those of one rule among
 * many begin with `own`, constants in which rows of a table differ with `c`.
 */
export function operandText(operand: Operand): string {
  if (operand.kind === 'constant') return termText(operand.value);
  const { id, name } = operand;
  if (id >= PARAMETERS) return `c${id - PARAMETERS + 1}`;
  if (id > OWN_REGISTERS) return `own${id - OWN_REGISTERS}`;
  return name === undefined || name.startsWith('$') ? `r${id}` : `r${id}:${name}`;
}

function listText(operands: readonly Operand[]): string {
  return operands.map(operandText).join(', ');
}

function keysText(keys: readonly Operand[]): string {
  return keys.map((key) => `[${operandText(key)}]`).join('');
}

function entriesText(flat: readonly Operand[]): string {
  const entries: string[] = [];
  for (const [at, key] of flat.entries()) {
    const value = flat[at + 1];
    if (at % 2 === 0 && value !== undefined)
      entries.push(`${operandText(key)}: ${operandText(value)}`);
  }
  return entries.join(', ');
}

function membershipText(args: readonly Operand[]): string {
  return `${listText(args.slice(0, -1))} in ${listText(args.slice(-1))}`;
}

function changeText(change: Change): string {
  switch (change.kind) {
    case 'input':
    case 'data':
      return `${change.kind}${keysText(change.path)} as ${operandText(change.value)}`;
    case 'constantMock':
      return `${change.name.replaceAll('\0', '.')} as ${operandText(change.value)}`;
    case 'mock': {
      const { name, mock } = change;
      const as =
        mock.kind === 'builtin'
          ? mock.name
          : mock.kind === 'function'
            ? mock.path.join('.')
            : termText(mock.value);
      return `${name.replaceAll('\0', '.')} as ${as}`;
    }
  }
}
