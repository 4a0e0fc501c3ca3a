/**
 * `strings.render_template`: Go's `text/template` over the variables of a policy, without definitions and complex numbers. What is
 * missing reads `<undefined>`.
 */
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import { readJson } from '../value/json.ts';
import type { RegoObject } from '../value/object.ts';
import { termText } from '../value/text.ts';
import type { BuiltinContext } from './context.ts';
import {
  MAX_TEMPLATE_OUTPUT,
  MISSING,
  TEMPLATE_FUNCTIONS,
  type TemplateFunction,
  tooLong,
} from './template-functions.ts';
import type { Operand, Pipeline, TemplateNode } from './template-nodes.ts';
import { parseTemplate } from './template-parser.ts';
import {
  GoNumber,
  isListValue,
  isMapValue,
  isTrue,
  showValue,
  type TemplateValue,
  typeName,
} from './template-values.ts';

/** Characters of output that count as one step. */
const TEXT_PER_STEP = 64;

/** The text a template makes of its variables. */
export function renderTemplate(
  ctx: BuiltinContext,
  template: string,
  variables: RegoObject,
): string | BuiltinFault {
  const nodes = parseTemplate(template);
  if (isFault(nodes)) return nodes;
  // As in OPA they pass through their text, which is no JSON where there are sets, other keys, or characters JSON escapes differently.
  const document = readJson(termText(variables));
  if (!document.ok) return builtinError(document.message);
  const renderer = new TemplateRenderer(ctx, document.value);
  renderer.render(nodes, document.value);
  return renderer.fault ?? renderer.output.replaceAll(MISSING, '<undefined>');
}

type Result = TemplateValue | BuiltinFault;
/** How the innermost `range` goes on: as before where nothing is said. */
type Way = 'break' | 'continue' | undefined;
type Block = Extract<TemplateNode, { readonly kind: 'if' | 'range' | 'with' }>;

interface Variable {
  readonly name: string;
  value: TemplateValue;
}

class TemplateRenderer {
  output = '';
  fault: BuiltinFault | undefined;
  readonly #ctx: BuiltinContext;
  #variables: Variable[];

  constructor(ctx: BuiltinContext, root: TemplateValue) {
    this.#ctx = ctx;
    this.#variables = [{ name: '$', value: root }];
  }

  /** Stops where a range is left. */
  render(nodes: readonly TemplateNode[], dot: TemplateValue): Way {
    for (const node of nodes) {
      this.fault ??= this.#ctx.charge(1);
      if (this.fault !== undefined) return 'break';
      const way = this.#renderNode(node, dot);
      if (way !== undefined) return way;
    }
    return undefined;
  }

  #renderNode(node: TemplateNode, dot: TemplateValue): Way {
    switch (node.kind) {
      case 'break':
      case 'continue':
        return node.kind;
      case 'text':
        return this.#write(node.text);
      case 'action':
        return this.#act(node.pipeline, dot);
      default:
        return this.#renderBlock(node, dot);
    }
  }

  #write(text: string): undefined {
    this.output += text;
    if (this.output.length > MAX_TEMPLATE_OUTPUT) this.fault = tooLong();
    this.fault ??= this.#ctx.charge(Math.ceil(text.length / TEXT_PER_STEP));
  }

  #act(pipeline: Pipeline, dot: TemplateValue): undefined {
    const value = this.#evaluate(pipeline, dot);
    if (isFault(value)) this.fault = value;
    else if (pipeline.variables.length === 0)
      this.#write(value === undefined ? MISSING : showValue(value));
  }

  #renderBlock(node: Block, dot: TemplateValue): Way {
    const mark = this.#variables.length;
    const value = this.#evaluate(node.pipeline, dot);
    let way: Way;
    if (isFault(value)) this.fault = value;
    else if (node.kind === 'range') way = this.#renderRange(node, value, dot);
    else if (isTrue(value)) way = this.render(node.then, node.kind === 'with' ? value : dot);
    else way = this.render(node.otherwise, dot);
    this.#variables.length = mark;
    return way;
  }

  #renderRange(node: Block, value: TemplateValue, dot: TemplateValue) {
    const entries = this.#entriesOf(value, node.pipeline);
    if (isFault(entries)) {
      this.fault = entries;
      return undefined;
    }
    const mark = this.#variables.length;
    let isEmpty = true;
    for (const [key, item] of entries) {
      isEmpty = false;
      this.fault ??= this.#ctx.charge(1);
      this.#bindEntry(node.pipeline, key, item);
      if (this.fault !== undefined) return undefined;
      const way = this.render(node.then, item);
      this.#variables.length = mark;
      if (way === 'break') return undefined;
    }
    return isEmpty ? this.render(node.otherwise, dot) : undefined;
  }

  #entriesOf(
    value: TemplateValue,
    { variables }: Pipeline,
  ): Iterable<readonly [TemplateValue, TemplateValue]> | BuiltinFault {
    if (value === undefined || value === null) return [];
    if (value instanceof GoNumber && typeof value.value === 'bigint') {
      return variables.length > 1
        ? builtinError("template: can't use an integer to iterate over more than one variable")
        : count(value.value, value.type === 'uint8' ? 'uint8' : 'int');
    }
    if (isListValue(value)) {
      return value.map((item, at) => [new GoNumber('int', BigInt(at)), item] as const);
    }
    if (isMapValue(value)) return value;
    return builtinError(`template: range can't iterate over ${typeName(value)}`);
  }

  /** Variables that were there are assigned in order; those of the range are on top, the item last. */
  #bindEntry({ variables, assigns }: Pipeline, key: TemplateValue, item: TemplateValue): void {
    const values = variables.length > 1 ? [key, item] : [item];
    for (const [at, name] of variables.entries()) {
      if (assigns) this.#assign(name, values[at]);
      else {
        const variable = this.#variables.at(at - variables.length);
        if (variable !== undefined) variable.value = values[at];
      }
    }
  }

  #find(name: string): Variable | undefined {
    const variable = this.#variables.findLast((one) => one.name === name);
    if (variable === undefined) this.fault = builtinError(`template: undefined variable: ${name}`);
    return variable;
  }

  #assign(name: string, value: TemplateValue): void {
    const variable = this.#find(name);
    if (variable !== undefined) variable.value = value;
  }

  #evaluate({ commands, variables, assigns }: Pipeline, dot: TemplateValue): Result {
    let last: readonly TemplateValue[] = [];
    for (const command of commands) {
      const value = this.#command(command, dot, last);
      if (isFault(value)) return value;
      if (this.fault !== undefined) return this.fault;
      last = [value === null ? undefined : value];
    }
    const [value] = last;
    for (const name of variables) {
      if (assigns) this.#assign(name, value);
      else this.#variables.push({ name, value });
    }
    return this.fault ?? value;
  }

  #command(
    [first, ...args]: readonly Operand[],
    dot: TemplateValue,
    last: readonly TemplateValue[],
  ): Result {
    if (first === undefined || first.kind === 'nil')
      return builtinError('template: nil is no command');
    if (first.kind === 'function') return this.#call(first.name, args, dot, last);
    const hasArgs = args.length > 0 || last.length > 0;
    const takesNone = builtinError("template: can't give argument to non-function");
    switch (first.kind) {
      case 'field':
        return fieldOf(dot, first.fields, hasArgs);
      case 'chain': {
        const value = this.#operand(first.of, dot);
        return isFault(value) ? value : fieldOf(value, first.fields, hasArgs);
      }
      case 'variable': {
        if (first.fields.length === 0 && hasArgs) return takesNone;
        const variable = this.#find(first.name);
        return this.fault ?? fieldOf(variable?.value, first.fields, hasArgs);
      }
      default:
        return hasArgs ? takesNone : this.#operand(first, dot);
    }
  }

  #operand(operand: Operand, dot: TemplateValue): Result {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'nil':
        return undefined;
      case 'dot':
        return dot;
      case 'pipeline':
        return this.#evaluate(operand.pipeline, dot);
      default:
        return this.#command([operand], dot, []);
    }
  }

  #call(
    name: string,
    args: readonly Operand[],
    dot: TemplateValue,
    last: readonly TemplateValue[],
  ): Result {
    const called = TEMPLATE_FUNCTIONS.get(name);
    if (called === undefined) return builtinError(`template: function ${name} not defined`);
    const count = args.length + last.length;
    if (count < called.least || count > called.most)
      return builtinError(`template: wrong number of args for ${name}`);
    const values: TemplateValue[] = [];
    for (const arg of args) {
      const value = this.#operand(arg, dot);
      if (isFault(value)) return value;
      const isDecided = name === 'and' ? !isTrue(value) : name === 'or' && isTrue(value);
      if (isDecided) return value;
      values.push(value);
    }
    return this.#run(called, [...values, ...last]);
  }

  #run(called: TemplateFunction, values: readonly TemplateValue[]): Result {
    if (called.takesFormat === true && typeof values[0] !== 'string')
      return builtinError('template: wrong type for value; expected string');
    const result = called.run(values);
    const size = typeof result === 'string' ? Math.ceil(result.length / TEXT_PER_STEP) : 1;
    return this.#ctx.charge(size) ?? result;
  }
}

function* count(end: bigint, type: 'int' | 'uint8'): Generator<readonly [undefined, GoNumber]> {
  for (let at = 0n; at < end; at += 1n) yield [undefined, new GoNumber(type, at)];
}

/** Nothing has every field, which is nothing; null has none. */
function fieldOf(receiver: TemplateValue, fields: readonly string[], hasArgs: boolean): Result {
  let current = receiver;
  for (const [at, name] of fields.entries()) {
    if (current === undefined) return undefined;
    if (!isMapValue(current))
      return builtinError(`template: can't evaluate field ${name} in type ${typeName(current)}`);
    if (hasArgs && at === fields.length - 1)
      return builtinError(`template: ${name} is not a method but has arguments`);
    current = current.get(name);
  }
  return current;
}
