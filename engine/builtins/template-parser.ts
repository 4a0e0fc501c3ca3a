/**
 * The parser of Go's `text/template` without definitions: `define`, `block` and `template` are refused, and so are functions that are
 * not built in.
 */
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import { quoteText } from '../value/text.ts';
import { TEMPLATE_FUNCTIONS } from './template-functions.ts';
import {
  readCharacter,
  readNumberLiteral,
  unquoteRaw,
  unquoteString,
} from './template-literals.ts';
import type { Operand, Pipeline, TemplateNode } from './template-nodes.ts';
import {
  readTemplateTokens,
  type TemplateToken,
  type TemplateTokenKind,
} from './template-tokens.ts';

/** Blocks inside blocks, and parentheses inside parentheses. */
export const MAX_TEMPLATE_DEPTH = 100;

type BlockKind = 'if' | 'range' | 'with';
type Nodes = readonly TemplateNode[];

const LITERALS: readonly string[] = ['literal', 'nil', 'dot'];
const END: TemplateToken = { kind: 'end', text: 'EOF' };

/** The nodes of a template. */
export function parseTemplate(template: string): Nodes | BuiltinFault {
  const tokens = readTemplateTokens(template);
  if (isFault(tokens)) return tokens;
  const parser = new TemplateParser(tokens);
  const nodes = parser.parse();
  return parser.fault ?? nodes;
}

/** The first fault is kept, and everything after it is empty. */
class TemplateParser {
  fault: BuiltinFault | undefined;
  readonly #tokens: readonly TemplateToken[];
  #at = 0;
  #variables: readonly string[] = ['$'];
  #ranges = 0;
  #depth = 0;

  constructor(tokens: readonly TemplateToken[]) {
    this.#tokens = tokens;
  }

  parse(): Nodes {
    const nodes = this.#parseList();
    const { kind } = this.#peek();
    if (kind !== 'end') this.#fail(`unexpected ${this.#peek().text}`);
    return nodes;
  }

  #fail(message: string): undefined {
    this.fault ??= builtinError(`template: ${message}`);
    this.#at = this.#tokens.length;
    return undefined;
  }

  #peek(): TemplateToken {
    return this.#tokens[this.#at] ?? END;
  }

  #peekNonSpace(): TemplateToken {
    if (this.#peek().kind === 'space') this.#at += 1;
    return this.#peek();
  }

  #next(): TemplateToken {
    const token = this.#peekNonSpace();
    this.#at += 1;
    return token;
  }

  #expect(kind: TemplateTokenKind, where: string): void {
    const token = this.#next();
    if (token.kind !== kind) this.#fail(`unexpected ${quoteText(token.text)} in ${where}`);
  }

  /** Up to an action that begins with `end` or `else`, at whose word it stops. */
  #parseList(): Nodes {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind !== 'text' && token.kind !== 'left') return nodes;
      this.#at += 1;
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text });
        continue;
      }
      const word = this.#peekNonSpace();
      if (word.kind === 'word' && (word.text === 'end' || word.text === 'else')) return nodes;
      const node = this.#parseAction(word);
      if (node === undefined) return nodes;
      nodes.push(node);
    }
  }

  #parseAction(word: TemplateToken): TemplateNode | undefined {
    if (word.kind === 'word') {
      switch (word.text) {
        case 'if':
        case 'range':
        case 'with':
          this.#at += 1;
          return this.#parseBlock(word.text);
        case 'break':
        case 'continue':
          this.#at += 1;
          this.#expect('right', word.text);
          if (this.#ranges === 0) return this.#fail(`{{${word.text}}} outside {{range}}`);
          return { kind: word.text };
        case 'define':
        case 'block':
        case 'template':
          return this.#fail(`{{${word.text}}} is not supported`);
      }
    }
    return { kind: 'action', pipeline: this.#parsePipeline('command', 'right') };
  }

  #parseBlock(kind: BlockKind): TemplateNode | undefined {
    const outer = this.#variables;
    this.#enter();
    const pipeline = this.#parsePipeline(kind, 'right');
    if (kind === 'range') this.#ranges += 1;
    const then = this.#parseList();
    if (kind === 'range') this.#ranges -= 1;
    const otherwise = this.#next().text === 'else' ? this.#parseElse(kind) : this.#endBlock();
    this.#depth -= 1;
    this.#variables = outer;
    return this.fault === undefined ? { kind, pipeline, then, otherwise } : undefined;
  }

  #endBlock(): Nodes {
    this.#expect('right', 'end');
    return [];
  }

  /** `else if` and `else with` go on the block they belong to, and share its end. */
  #parseElse(kind: BlockKind): Nodes {
    const { text } = this.#peekNonSpace();
    if (kind !== 'range' && text === kind) {
      this.#at += 1;
      const nested = this.#parseBlock(kind);
      return nested === undefined ? [] : [nested];
    }
    this.#expect('right', 'else');
    const nodes = this.#parseList();
    if (this.#next().text !== 'end') this.#fail('expected end');
    this.#endBlock();
    return nodes;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth <= MAX_TEMPLATE_DEPTH) return;
    this.fault ??= limitError(`template exceeds the limit of ${MAX_TEMPLATE_DEPTH} nested blocks`);
    this.#at = this.#tokens.length;
  }

  #parsePipeline(where: string, end: TemplateTokenKind): Pipeline {
    const { variables, assigns } = this.#parseVariables(where);
    const commands: (readonly Operand[])[] = [];
    for (;;) {
      const token = this.#peekNonSpace();
      if (token.kind === end) break;
      const command = this.#parseCommand();
      if (command === undefined) break;
      const isLiteral = LITERALS.includes(command[0]?.kind ?? '');
      if (commands.length > 0 && isLiteral)
        this.#fail(`non executable command in pipeline stage ${commands.length + 1}`);
      commands.push(command);
    }
    this.#at += 1;
    if (commands.length === 0) this.#fail(`missing value for ${where}`);
    return { commands, variables, assigns };
  }

  #parseVariables(where: string): { variables: readonly string[]; assigns: boolean } {
    const variables: string[] = [];
    for (;;) {
      const start = this.#at;
      const token = this.#peekNonSpace();
      if (token.kind !== 'variable') break;
      this.#at += 1;
      const mark = this.#peekNonSpace();
      const isComma = mark.kind === 'other' && mark.text === ',';
      if (mark.kind !== 'assign' && mark.kind !== 'declare' && !isComma) {
        this.#at = start;
        break;
      }
      this.#at += 1;
      variables.push(token.text);
      this.#variables = [...this.#variables, token.text];
      if (!isComma) return { variables, assigns: mark.kind === 'assign' };
      if (where !== 'range' || variables.length > 1)
        this.#fail(`too many declarations in ${where}`);
      if (!['variable', 'right', 'close'].includes(this.#peekNonSpace().kind))
        this.#fail('range can only initialize variables');
    }
    return { variables, assigns: false };
  }

  /** Operands up to a pipe, which is taken, or the end, which is not. */
  #parseCommand(): readonly Operand[] | undefined {
    const operands: Operand[] = [];
    for (;;) {
      const operand = this.#parseOperand();
      if (operand !== undefined) operands.push(operand);
      const token = this.#peek();
      if (token.kind === 'space') {
        this.#at += 1;
        continue;
      }
      if (token.kind === 'pipe') this.#at += 1;
      else if (token.kind !== 'right' && token.kind !== 'close')
        return this.#fail(`unexpected ${quoteText(token.text)} in operand`);
      return operands.length > 0 ? operands : this.#fail('empty command');
    }
  }

  #parseOperand(): Operand | undefined {
    const term = this.#parseTerm();
    if (term === undefined || this.#peek().kind !== 'field') return term;
    const fields: string[] = [];
    for (; this.#peek().kind === 'field'; this.#at += 1) fields.push(this.#peek().text.slice(1));
    if (term.kind === 'field' || term.kind === 'variable')
      return { ...term, fields: [...term.fields, ...fields] };
    return LITERALS.includes(term.kind)
      ? this.#fail('unexpected . after a term')
      : { kind: 'chain', of: term, fields };
  }

  #parseTerm(): Operand | undefined {
    const token = this.#peekNonSpace();
    this.#at += 1;
    switch (token.kind) {
      case 'word':
        return this.#parseWord(token.text);
      case 'dot':
        return { kind: 'dot' };
      case 'field':
        return { kind: 'field', fields: [token.text.slice(1)] };
      case 'variable':
        return this.#variables.includes(token.text)
          ? { kind: 'variable', name: token.text, fields: [] }
          : this.#fail(`undefined variable ${quoteText(token.text)}`);
      case 'number':
        return this.#literal(readNumberLiteral(token.text));
      case 'char':
        return this.#literal(readCharacter(token.text));
      case 'string':
        return this.#literal(unquoteString(token.text));
      case 'raw':
        return { kind: 'literal', value: unquoteRaw(token.text) };
      case 'open': {
        this.#enter();
        const pipeline = this.#parsePipeline('parenthesized pipeline', 'close');
        this.#depth -= 1;
        return { kind: 'pipeline', pipeline };
      }
      default:
        this.#at -= 1;
        return undefined;
    }
  }

  #literal(value: Extract<Operand, { kind: 'literal' }>['value'] | BuiltinFault) {
    if (!isFault(value)) return { kind: 'literal', value } as const;
    this.fault ??= value;
    this.#at = this.#tokens.length;
    return undefined;
  }

  #parseWord(word: string): Operand | undefined {
    if (word === 'nil') return { kind: 'nil' };
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    return TEMPLATE_FUNCTIONS.has(word)
      ? { kind: 'function', name: word }
      : this.#fail(`function ${quoteText(word)} not defined`);
  }
}
