/** JavaScript expressions for what computes a register. What has a block of its own is written before the expression is given back. */
import type { CallExpr, Expr, WorldId } from '../plan/ir.ts';
import type { CodeWriter } from './code-writer.ts';
import { writeExit } from './emit-exit.ts';
import { comparison, membership } from './emit-test.ts';
import { stringLiteral } from './literal.ts';
import { isDirectName } from './runtime-access.ts';

/** Writes a block; `solved` writes what a solution does, `fail` is where a step without one goes. */
export type WriteBlock = (
  out: CodeWriter,
  block: Extract<Expr, { kind: 'comprehension' }>['block'],
  solved: (operands: Extract<Expr, { kind: 'array' }>['items'], stop: string) => void,
) => void;

/** The variable that holds a world. */
export function worldName(world: WorldId): string {
  return world === 0 ? 'w' : `w${world}`;
}

/** True when the expression can have no value. */
export function isPartialExpr(expr: Expr): boolean {
  switch (expr.kind) {
    case 'operand':
    case 'array':
    case 'set':
    case 'object':
    case 'compare':
    case 'membership':
    case 'comprehension':
    case 'template':
    case 'partial':
      return false;
    default:
      return true;
  }
}

/** See the head of the file. */
export function expression(out: CodeWriter, expr: Expr, writeBlock: WriteBlock): string {
  switch (expr.kind) {
    case 'operand':
      return out.raw(expr.operand);
    case 'input':
      return inputAccess(out, expr.names, worldName(expr.world));
    case 'base':
      return `baseAt(${worldName(expr.world)}, ${out.constant(expr.names)})`;
    case 'member':
    case 'entry':
      return memberAccess(out, expr);
    case 'item':
      return `${out.raw(expr.of)}[${expr.index}]`;
    case 'rule':
      return `n${expr.group}(${worldName(expr.world)})`;
    case 'partial':
      return `partialValue(${worldName(expr.world)}, ${expr.group}, ${out.rawList(expr.keys)})`;
    case 'root':
      return `rootPlace(${worldName(expr.world)}, ${out.rawList(expr.rest)})`;
    case 'child':
      return `childPlace(${worldName(expr.world)}, ${out.raw(expr.of)}, ${out.raw(expr.key)}, ${out.rawList(expr.rest)})`;
    case 'document':
      return `documentAt(${worldName(expr.world)}, ${out.raw(expr.of)})`;
    case 'call':
      return callExpression(out, expr);
    case 'array':
      return out.boxedList(expr.items);
    case 'set':
      return `RegoSet.from(${out.boxedList(expr.items)})`;
    case 'object':
      return `objectOf(${out.boxedList(expr.flat)})`;
    case 'compare':
      return comparison(out, expr.operator, expr.left, expr.right);
    case 'membership':
      return membership(out, expr.args);
    case 'comprehension':
      return comprehension(out, expr, writeBlock);
    case 'template':
      return template(out, expr, writeBlock);
  }
}

function inputAccess(out: CodeWriter, names: readonly string[], world: string): string {
  if (names.length === 0) return `${world}.i`;
  const slow = `inputAt(${world}, ${out.constant(names)})`;
  if (!names.every(isDirectName)) return slow;
  const chain = names.map((name) => `?.[${stringLiteral(name)}]`).join('');
  return `${world}.i${chain} ?? ${slow}`;
}

function memberAccess(
  out: CodeWriter,
  { of, key }: Extract<Expr, { kind: 'member' | 'entry' }>,
): string {
  const [collection, name] = [out.raw(of), out.raw(key)];
  const slow = `memberOf(w, ${collection}, ${name})`;
  const isDirect =
    of.kind === 'register' &&
    of.domain === 'any' &&
    key.kind === 'constant' &&
    typeof key.value === 'string' &&
    isDirectName(key.value);
  return isDirect ? `${collection}?.[${name}] ?? ${slow}` : slow;
}

function callExpression(out: CodeWriter, call: CallExpr): string {
  const world = worldName(call.world);
  if (call.mockable) return `firstOf(${results(out, call)})`;
  if (call.callee.kind === 'function') {
    const args = call.args.map((arg) => `, ${out.raw(arg)}`).join('');
    return `n${call.callee.group}(${world}${args})`;
  }
  const quick = quickCall(out, call, call.callee.name);
  const name = stringLiteral(call.callee.name);
  return `${quick}callBuiltin(${world}, ${name}, ${out.boxedList(call.args)}, ${out.constant(call.site)})`;
}

/** Tests of text as JavaScript makes them; what the language's builtins add are faults for what is no text, and the count of steps. */
const TEXT_TESTS: Readonly<Record<string, string>> = {
  startswith: 'startsWith',
  endswith: 'endsWith',
  contains: 'includes',
};

/** The usual case of a builtin without calling it; empty where there is none. */
function quickCall(out: CodeWriter, call: CallExpr, name: string): string {
  const [first, second] = call.args;
  if (first === undefined || second === undefined) return '';
  const [a, b] = [out.raw(first), out.raw(second)];
  if (name === 'sprintf') return `formatted(w, ${a}, ${b}) ?? `;
  const method = TEXT_TESTS[name];
  // In brackets, because a specialised policy may ask for what is known to be a number.
  return method === undefined
    ? ''
    : `w.e.isStock && typeof ${a} === "string" && typeof ${b} === "string" ? (${a}).${method}(${b}) : `;
}

/** All results of a call, for a relation and where a `with` may replace what is called. */
export function results(out: CodeWriter, call: CallExpr): string {
  const world = worldName(call.world);
  const rest = `${out.boxedList(call.args)}, ${out.constant(call.site)}`;
  const { callee } = call;
  if (!call.mockable && callee.kind === 'builtin') {
    return `callRelation(${world}, ${stringLiteral(callee.name)}, ${rest})`;
  }
  const mock =
    callee.kind === 'builtin' ? callee : ({ kind: 'function', path: callee.path } as const);
  return `callReplaceable(${world}, ${out.constant(mock)}, ${rest})`;
}

function comprehension(
  out: CodeWriter,
  { form, block, site }: Extract<Expr, { kind: 'comprehension' }>,
  writeBlock: WriteBlock,
): string {
  const name = out.fresh('c');
  if (form === 'array') {
    out.line(`const ${name} = [];`);
    writeBlock(out, block, ([item]) => item && out.line(`${name}.push(${out.boxed(item)});`));
    return name;
  }
  out.line(`const ${name} = new ${form === 'set' ? 'SetBuilder' : 'ObjectBuilder'}();`);
  writeBlock(out, block, ([first, second], stop) => {
    if (first === undefined) return;
    if (second === undefined) out.line(`${name}.add(${out.boxed(first)});`);
    else {
      const entry = `${out.boxed(first)}, ${out.boxed(second)}, ${out.constant(site)}`;
      out.line(`putEntry(${name}, ${entry});`);
    }
    writeExit(out, block, stop);
  });
  return `${name}.build()`;
}

function template(
  out: CodeWriter,
  { parts, site }: Extract<Expr, { kind: 'template' }>,
  writeBlock: WriteBlock,
): string {
  const texts = parts.map((part) => {
    if (typeof part === 'string') return stringLiteral(part);
    const name = out.fresh('t');
    out.line(`let ${name};`);
    writeBlock(out, part, ([shown]) => {
      if (shown === undefined) return;
      out.line(`${name} = agreeShown(${name}, ${out.boxed(shown)}, ${out.constant(site)});`);
    });
    return `shownText(${name})`;
  });
  return `joined(w, [${texts.join(', ')}])`;
}
