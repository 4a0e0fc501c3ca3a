/** Collects lines of generated code, with the constants they use and the place in the policies each line stands for. */
import type { Domain, Operand, Site } from '../plan/ir.ts';
import type { Value } from '../value/value.ts';
import { constantName } from './code-prelude.ts';
import { numberLiteral, stringLiteral } from './literal.ts';

export class CodeWriter {
  readonly lines: string[] = [];
  /** By line, where known. */
  readonly sites: (Site | undefined)[] = [];
  /** What `K` holds when the code runs; `codePrelude` gives each a name. */
  readonly constants: unknown[] = [];
  /** The place of what is written now. */
  site: Site | undefined;
  /** Registers whose plain text must be made sound when it is read. */
  values: ReadonlySet<number> = new Set();
  used: ReadonlySet<number> = new Set();
  /** Parameters of which the constant is known, by register. */
  fixed: ReadonlyMap<number, Value> = new Map();
  /** Loops around what is written, a function that may be called over and over counting as one. */
  loops = 0;
  /** Registers that keep their value from one element of a loop to the next. */
  readonly kept = new Set<number>();
  /** Every element is gone through, also where an index tells which can go on: who watches is told where each stops. */
  isWatched = false;
  #labels = 0;

  line(text: string): void {
    this.lines.push(text);
    this.sites.push(this.site);
  }

  /** A name that no other label or variable has. */
  fresh(prefix: string): string {
    this.#labels += 1;
    return `${prefix}${this.#labels}`;
  }

  constant(value: unknown): string {
    this.constants.push(value);
    return constantName(this.constants.length - 1);
  }

  /** An operand as it is. */
  raw(operand: Operand): string {
    if (operand.kind === 'constant') return this.value(operand.value);
    const fixed = this.fixed.get(operand.id);
    return fixed === undefined ? `r${operand.id}` : this.value(fixed);
  }

  /** An operand as a value. */
  boxed(operand: Operand): string {
    const raw = this.raw(operand);
    const domain: Domain = operand.kind === 'constant' ? 'value' : operand.domain;
    return domain === 'value' ? raw : `box(w, ${raw})`;
  }

  /** Values in an array literal. */
  boxedList(operands: readonly Operand[]): string {
    return `[${operands.map((operand) => this.boxed(operand)).join(', ')}]`;
  }

  rawList(operands: readonly Operand[]): string {
    return `[${operands.map((operand) => this.raw(operand)).join(', ')}]`;
  }

  value(value: Value): string {
    switch (typeof value) {
      case 'string':
        return stringLiteral(value);
      case 'number':
        return numberLiteral(value);
      case 'boolean':
        return String(value);
      default:
        return value === null ? 'null' : this.constant(value);
    }
  }
}
