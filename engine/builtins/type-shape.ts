/**
 * Types of builtins' arguments and results, and the reader of their notation, which is the one OPA prints types in:
 * `array<boolean, string>[any]` (a static prefix, then any number of members), `object<op: string>[string: any]`, `set[any]`,
 * `any<null, string>` (one of). Not the type checker: only the shapes it starts from.
 */

export type TypeShape =
  | { readonly kind: 'any' | 'null' | 'boolean' | 'number' | 'string' }
  | {
      readonly kind: 'array';
      readonly fixed: readonly TypeShape[];
      readonly rest: TypeShape | undefined;
    }
  | {
      readonly kind: 'object';
      readonly fixed: ReadonlyMap<string, TypeShape>;
      readonly rest: { readonly key: TypeShape; readonly value: TypeShape } | undefined;
    }
  | { readonly kind: 'set'; readonly of: TypeShape }
  | { readonly kind: 'union'; readonly of: readonly TypeShape[] };

export interface ParameterShape {
  /** Empty where the language gives none: the operands of `:=`. */
  readonly name: string;
  readonly type: TypeShape;
}

export interface SignatureShape {
  readonly parameters: readonly ParameterShape[];
  /** The type of any number of further arguments. */
  readonly variadic: TypeShape | undefined;
  /** Undefined for builtins that only have an effect, such as `print`. */
  readonly result: ParameterShape | undefined;
}

/**
 * Reads `(x: number, y: any) => z: string`. The notation is written by programmers, never by users: it throws a `TypeError`
 * that shows the place when it is malformed.
 */
export function parseSignature(text: string): SignatureShape {
  const reader = new ShapeReader(text);
  return reader.readSignature();
}

class ShapeReader {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = text.match(/=>|\.\.\.|[\w$]+|\S/g) ?? [];
  }

  readSignature(): SignatureShape {
    const parameters: ParameterShape[] = [];
    let variadic: TypeShape | undefined;
    this.#expect('(');
    while (!this.#accept(')')) {
      if (this.#accept('...')) variadic = this.#readType();
      else parameters.push(this.#readNamed());
      this.#accept(',');
    }
    const result = this.#accept('=>') ? this.#readNamed() : undefined;
    if (this.#index < this.#tokens.length) this.#fail();
    return { parameters, variadic, result };
  }

  #readNamed(): ParameterShape {
    const hasName = this.#tokens[this.#index + 1] === ':';
    const name = hasName ? (this.#tokens[this.#index] ?? '') : '';
    if (hasName) this.#index += 2;
    return { name, type: this.#readType() };
  }

  #readType(): TypeShape {
    const kind = this.#tokens[this.#index] ?? '';
    this.#index += 1;
    switch (kind) {
      case 'null':
      case 'boolean':
      case 'number':
      case 'string':
        return { kind };
      case 'any': {
        const of = this.#readList(() => this.#readType());
        return of.length === 0 ? { kind } : { kind: 'union', of };
      }
      case 'set': {
        this.#expect('[');
        const of = this.#readType();
        this.#expect(']');
        return { kind, of };
      }
      case 'array': {
        const fixed = this.#readList(() => this.#readType());
        const rest = this.#accept('[') ? this.#readType() : undefined;
        if (rest !== undefined) this.#expect(']');
        return { kind, fixed, rest };
      }
      case 'object': {
        const fixed = new Map(this.#readList(() => this.#readMember()));
        if (!this.#accept('[')) return { kind, fixed, rest: undefined };
        const key = this.#readType();
        this.#expect(':');
        const value = this.#readType();
        this.#expect(']');
        return { kind, fixed, rest: { key, value } };
      }
      default:
        return this.#fail();
    }
  }

  #readMember(): [string, TypeShape] {
    const name = this.#tokens[this.#index] ?? '';
    this.#index += 1;
    this.#expect(':');
    return [name, this.#readType()];
  }

  #readList<T>(read: () => T): T[] {
    const items: T[] = [];
    if (!this.#accept('<')) return items;
    while (!this.#accept('>')) {
      items.push(read());
      this.#accept(',');
    }
    return items;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#index] !== token) return false;
    this.#index += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) this.#fail();
  }

  #fail(): never {
    const rest = this.#tokens.slice(this.#index).join(' ');
    throw new TypeError(`malformed signature ${this.#text} before ${rest || 'its end'}`);
  }
}
