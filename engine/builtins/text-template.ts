/**
 * A part of Go's `text/template`: fields (`{{.a.b}}`), variables, `range`, `if`, `else`, `with`, comments and trimming. Calls,
 * pipelines and definitions are refused with an error. What is missing reads `<undefined>`.
 */
import { isArray, isObject } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import { decimalParts, isNumber } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import { displayText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinContext } from './context.ts';

/** Characters a rendered template may have. */
export const MAX_TEMPLATE_OUTPUT = 1_000_000;
/** Blocks inside blocks. */
export const MAX_TEMPLATE_DEPTH = 100;

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: string }
  | {
      readonly kind: 'if' | 'range' | 'with';
      readonly expression: string;
      readonly variables: readonly string[];
      readonly then: readonly Node[];
      readonly otherwise: readonly Node[];
    };

interface Scope {
  readonly dot: Value | undefined;
  readonly variables: ReadonlyMap<string, Value | undefined>;
}

const ACTION = /\{\{(?:- )?([\s\S]*?)(?: -)?\}\}/g;
const PATH = /^(?:\.|\$[\w]*)?(?:\.?[\p{L}_][\p{L}\p{N}_]*)?(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const DECLARATION = /^(\$\w+)(?:\s*,\s*(\$\w+))?\s*:=\s*/;

/** The text a template makes of its variables. */
export function renderTemplate(
  ctx: BuiltinContext,
  template: string,
  variables: RegoObject,
): string | BuiltinFault {
  const parser = new TemplateParser(template);
  const nodes = parser.parse();
  if (isFault(nodes)) return nodes;
  const renderer = new TemplateRenderer(ctx);
  renderer.render(nodes, { dot: variables, variables: new Map([['$', variables]]) });
  return renderer.fault ?? renderer.output;
}

class TemplateParser {
  readonly #tokens: { readonly isAction: boolean; readonly text: string }[] = [];
  #index = 0;

  constructor(template: string) {
    const trimmed = template.replace(/\s*\{\{- /g, '{{').replace(/ -\}\}\s*/g, '}}');
    let end = 0;
    for (const match of trimmed.matchAll(ACTION)) {
      this.#tokens.push({ isAction: false, text: trimmed.slice(end, match.index) });
      this.#tokens.push({ isAction: true, text: (match[1] ?? '').trim() });
      end = match.index + match[0].length;
    }
    this.#tokens.push({ isAction: false, text: trimmed.slice(end) });
  }

  parse(): readonly Node[] | BuiltinFault {
    const nodes = this.#parseList(0);
    if (isFault(nodes)) return nodes;
    const token = this.#tokens[this.#index];
    return token === undefined ? nodes : builtinError(`template: unexpected {{${token.text}}}`);
  }

  /** Stops in front of `else` and `end`. */
  #parseList(depth: number): Node[] | BuiltinFault {
    const nodes: Node[] = [];
    if (depth > MAX_TEMPLATE_DEPTH) {
      return limitError(`template exceeds the limit of ${MAX_TEMPLATE_DEPTH} nested blocks`);
    }
    for (; this.#index < this.#tokens.length; this.#index += 1) {
      const token = this.#tokens[this.#index];
      if (token === undefined) break;
      if (!token.isAction) {
        if (token.text.includes('{{')) return builtinError('template: unclosed action');
        nodes.push({ kind: 'text', text: token.text });
      } else if (/^(?:end|else)\b/.test(token.text)) {
        return nodes;
      } else if (!token.text.startsWith('/*')) {
        const node = this.#parseAction(token.text, depth);
        if (isFault(node)) return node;
        nodes.push(node);
      }
    }
    return nodes;
  }

  #parseAction(text: string, depth: number): Node | BuiltinFault {
    const block = /^(if|range|with)\s+([\s\S]+)$/.exec(text);
    const kind = block?.[1];
    const rest = block?.[2] ?? text;
    const declaration = kind === undefined ? null : DECLARATION.exec(rest);
    const expression = rest.slice(declaration?.[0].length ?? 0).trim();
    if (expression === '' || !PATH.test(expression)) {
      return builtinError(`template: {{${text}}} is not supported`);
    }
    if (kind !== 'if' && kind !== 'range' && kind !== 'with') return { kind: 'value', expression };
    this.#index += 1;
    const then = this.#parseList(depth + 1);
    if (isFault(then)) return then;
    let otherwise: Node[] | BuiltinFault = [];
    if (this.#tokens[this.#index]?.text === 'else') {
      this.#index += 1;
      otherwise = this.#parseList(depth + 1);
      if (isFault(otherwise)) return otherwise;
    }
    if (this.#tokens[this.#index]?.text !== 'end') return builtinError('template: unexpected EOF');
    const variables = declaration?.slice(1).filter((name) => name !== undefined) ?? [];
    return { kind, expression, variables, then, otherwise };
  }
}

class TemplateRenderer {
  output = '';
  fault: BuiltinFault | undefined;
  readonly #ctx: BuiltinContext;

  constructor(ctx: BuiltinContext) {
    this.#ctx = ctx;
  }

  render(nodes: readonly Node[], scope: Scope): void {
    for (const node of nodes) {
      if (this.fault !== undefined) return;
      this.fault = this.#ctx.charge(1);
      if (node.kind === 'text') this.#write(node.text);
      else if (node.kind === 'value') this.#write(show(this.#evaluate(node.expression, scope)));
      else this.#renderBlock(node, scope);
    }
  }

  #write(text: string): void {
    this.output += text;
    if (this.output.length > MAX_TEMPLATE_OUTPUT) {
      this.fault = limitError(`template exceeds the limit of ${MAX_TEMPLATE_OUTPUT} characters`);
    }
  }

  #renderBlock(node: Exclude<Node, { readonly kind: 'text' | 'value' }>, scope: Scope): void {
    const value = this.#evaluate(node.expression, scope);
    if (!isTrue(value)) {
      this.render(node.otherwise, scope);
      return;
    }
    if (node.kind !== 'range') {
      const variables = bind(scope, node.variables, [value]);
      this.render(node.then, { dot: node.kind === 'with' ? value : scope.dot, variables });
      return;
    }
    const entries = isArray(value)
      ? [...value.entries()]
      : isObject(value)
        ? [...value]
        : undefined;
    if (entries === undefined) {
      this.fault = builtinError(`template: range can't iterate over ${show(value)}`);
    }
    for (const [key, item] of entries ?? []) {
      const values = node.variables.length === 1 ? [item] : [key, item];
      this.render(node.then, { dot: item, variables: bind(scope, node.variables, values) });
    }
  }

  #evaluate(expression: string, scope: Scope): Value | undefined {
    const variable = /^\$\w*/.exec(expression)?.[0];
    if (variable === undefined && !expression.startsWith('.')) {
      this.fault = builtinError(`template: function "${expression}" not defined`);
      return undefined;
    }
    if (variable !== undefined && !scope.variables.has(variable)) {
      this.fault = builtinError(`template: undefined variable "${variable}"`);
    }
    let current = variable === undefined ? scope.dot : scope.variables.get(variable);
    for (const name of expression.slice(variable?.length ?? 0).split('.')) {
      if (name === '') continue;
      if (current !== undefined && current !== null && !isObject(current)) {
        this.fault = builtinError(`template: can't evaluate field ${name}`);
      }
      current = isObject(current) ? current.get(name) : undefined;
    }
    return current;
  }
}

function bind(
  scope: Scope,
  names: readonly string[],
  values: readonly (Value | undefined)[],
): ReadonlyMap<string, Value | undefined> {
  const variables = new Map(scope.variables);
  for (const [index, name] of names.entries()) variables.set(name, values[index]);
  return variables;
}

/** Empty values are false, as in Go. */
function isTrue(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (isNumber(value)) return decimalParts(value).digits !== '';
  if (isArray(value)) return value.length > 0;
  return typeof value !== 'object' || value.size > 0;
}

/** Go prints maps as `map[k:v]` and lists as `[a b]`. */
function show(value: Value | undefined): string {
  if (value === undefined || value === null) return '<undefined>';
  if (isArray(value)) return `[${value.map(show).join(' ')}]`;
  if (isObject(value))
    return `map[${[...value].map(([key, item]) => `${show(key)}:${show(item)}`).join(' ')}]`;
  return displayText(value);
}
