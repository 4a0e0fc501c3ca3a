/**
 * `glob.match` with the patterns of gobwas/glob, translated to RE2: `*` stays within delimiters, `**` does not, `?`, `[abc]`,
 * `[!a-z]`, `{a,b}`, `\` escapes. OPA topdown/glob.go: no delimiters given means `.`, null means none at all.
 */
import { isArray } from '../value/compare.ts';
import { type BuiltinFault, builtinError, isFault } from '../value/fault.ts';
import type { BuiltinFunction } from './context.ts';
import { builtin, type Operand, operandElementFault, operandTypeFault, text } from './operand.ts';
import { compileTranslated } from './pattern.ts';
import { quoteExpression } from './regexes.ts';

const delimiterList: Operand<readonly string[]> = (value, position) => {
  if (value === null) return [];
  if (!isArray(value)) return operandTypeFault(position, value, 'array', 'null');
  const delimiters: string[] = [];
  for (const item of value) {
    if (typeof item !== 'string') return operandElementFault(position, value, item, 'string');
    if ([...item].length !== 1) return operandElementFault(position, value, item, 'rune');
    delimiters.push(item);
  }
  return delimiters.length === 0 ? ['.'] : delimiters;
};

/** The expression of a glob, anchored; a fault when brackets or braces do not close. */
export function globExpression(
  pattern: string,
  delimiters: readonly string[],
): string | BuiltinFault {
  return new GlobTranslator(pattern, delimiters).translate();
}

class GlobTranslator {
  readonly #characters: readonly string[];
  readonly #single: string;
  #index = 0;

  constructor(pattern: string, delimiters: readonly string[]) {
    this.#characters = [...pattern];
    this.#single = delimiters.length === 0 ? '.' : `[^${delimiters.map(quoteInSet).join('')}]`;
  }

  translate(): string | BuiltinFault {
    let expression = '';
    let depth = 0;
    for (; this.#index < this.#characters.length; this.#index += 1) {
      const character = this.#characters[this.#index] ?? '';
      if (character === '{') {
        depth += 1;
        expression += '(?:';
      } else if (character === '}' && depth > 0) {
        depth -= 1;
        expression += ')';
      } else if (character === ',' && depth > 0) {
        expression += '|';
      } else {
        const part = this.#translateOne(character);
        if (isFault(part)) return part;
        expression += part;
      }
    }
    if (depth > 0) return builtinError('unexpected end of input: a { is not closed');
    return `(?s)^(?:${expression})$`;
  }

  #translateOne(character: string): string | BuiltinFault {
    switch (character) {
      case '*':
        if (this.#characters[this.#index + 1] !== '*') return `${this.#single}*`;
        this.#index += 1;
        return '.*';
      case '?':
        return this.#single;
      case '[':
        return this.#translateSet();
      case '\\': {
        this.#index += 1;
        const escaped = this.#characters[this.#index];
        return escaped === undefined
          ? builtinError('unexpected end of input after a backslash')
          : quoteExpression(escaped);
      }
      default:
        return quoteExpression(character);
    }
  }

  /** `[abc]` or `[a-z]`, either one negated with `!`: gobwas takes a list or one range, not both, and escapes in lists alone. */
  #translateSet(): string | BuiltinFault {
    this.#index += 1;
    const isNegated = this.#characters[this.#index] === '!';
    if (isNegated) this.#index += 1;
    const members =
      this.#characters[this.#index + 1] === '-' ? this.#readRange() : this.#readList();
    return isFault(members) ? members : `${isNegated ? '[^' : '['}${members}]`;
  }

  /** Any character may begin or end a range, `]` and the backslash too. */
  #readRange(): string | BuiltinFault {
    const [low = '', , high, close] = this.#characters.slice(this.#index, this.#index + 4);
    this.#index += 3;
    if (high === undefined || close === undefined)
      return builtinError('unexpected end of input: a [ is not closed');
    if (close !== ']') return builtinError('unexpected characters after a range');
    if (high < low) return builtinError('hi character should be greater than lo character');
    return `${quoteInSet(low)}-${quoteInSet(high)}`;
  }

  #readList(): string | BuiltinFault {
    let members = '';
    for (; this.#characters[this.#index] !== ']'; this.#index += 1) {
      if (this.#characters[this.#index] === '\\') this.#index += 1;
      const member = this.#characters[this.#index];
      if (member === undefined) return builtinError('unexpected end of input: a [ is not closed');
      members += quoteInSet(member);
    }
    return members === '' ? builtinError('empty character list') : members;
  }
}

function quoteInSet(character: string): string {
  return /[\\\]^[-]/.test(character) ? `\\${character}` : character;
}

export const GLOBS = {
  'glob.match': builtin([text, delimiterList, text], (ctx, pattern, delimiters, subject) => {
    const key = `${delimiters.join('')}\0${pattern}`;
    const compiled = compileTranslated(ctx.caches.globs, key, () =>
      globExpression(pattern, delimiters),
    );
    return isFault(compiled) ? compiled : compiled.test(subject);
  }),
  'glob.quote_meta': builtin([text], (_ctx, pattern) => pattern.replace(/[*?\\[\]{}]/g, '\\$&')),
} satisfies Readonly<Record<string, BuiltinFunction>>;
