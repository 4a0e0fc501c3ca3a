/**
 * Values that rules have in common: the same path of the input, the same member of the same element. Each has one register for all rules
 * of a decision, so that it is read once and what is tested of it can be compared between rules. Reading one has no effect and cannot fail.
 */
import { canonicalKey } from '../value/compare.ts';
import type { Domain, Expr, Operand, Register } from './ir.ts';

export interface SharedValue {
  readonly register: Register;
  /** How it is read; undefined for what a scan gives. */
  readonly expr: Expr | undefined;
  /** The value it is read from, where there is one: that is defined where this is. */
  readonly from: SharedValue | undefined;
  /** Scans it lies within, outermost first; without one it is the same throughout a decision. */
  readonly scans: readonly SharedScan[];
}

/** The elements of a collection, of which several rules may test one after the other. */
export interface SharedScan {
  readonly id: number;
  readonly of: SharedValue;
  readonly key: SharedValue;
  readonly value: SharedValue;
}

/** All shared values of a plan. */
export class SharedValues {
  readonly #values = new Map<string, SharedValue>();
  readonly #byRegister = new Map<number, SharedValue>();
  readonly #scans = new Map<string, SharedScan>();

  /** The shared value a register of a rewritten step stands for. */
  of(operand: Operand): SharedValue | undefined {
    return operand.kind === 'register' ? this.#byRegister.get(operand.id) : undefined;
  }

  /** Every value, in an order in which each follows what it is read from. */
  all(): Iterable<SharedValue> {
    return this.#byRegister.values();
  }

  /** The value of an expression whose operands are shared; undefined when it is not one that can be shared. */
  read(expr: Expr, domain: Domain): SharedValue | undefined {
    const parts = readOperands(expr);
    if (parts === undefined) return undefined;
    const scans: SharedScan[] = [];
    for (const part of parts.operands) {
      if (part.kind === 'constant') continue;
      const shared = this.of(part);
      if (shared === undefined) return undefined;
      for (const scan of shared.scans) if (!scans.includes(scan)) scans.push(scan);
    }
    const key = `${parts.name} ${domain} ${parts.operands.map(operandKey).join(' ')}`;
    let value = this.#values.get(key);
    if (value === undefined) {
      const [first] = parts.operands;
      value = this.#add({ expr, from: first && this.of(first), scans }, domain);
      this.#values.set(key, value);
    }
    return value;
  }

  /** The scan of a collection; `nth` tells apart those of one rule over the same. */
  scan(of: SharedValue, nth: number): SharedScan {
    const key = `${of.register.id} ${nth}`;
    let scan = this.#scans.get(key);
    if (scan === undefined) {
      const { domain } = of.register;
      const scans: SharedScan[] = [...of.scans];
      const made = { expr: undefined, from: of, scans };
      scan = {
        id: this.#scans.size,
        of,
        key: this.#add(made, domain),
        value: this.#add(made, domain),
      };
      scans.push(scan);
      this.#scans.set(key, scan);
    }
    return scan;
  }

  #add(value: Omit<SharedValue, 'register'>, domain: Domain): SharedValue {
    const id = this.#byRegister.size + 1;
    const shared = {
      ...value,
      register: { kind: 'register', id, domain, name: undefined },
    } as const;
    this.#byRegister.set(id, shared);
    return shared;
  }
}

interface ReadParts {
  readonly name: string;
  readonly operands: readonly Operand[];
}

/** What tells one reading expression from another; undefined for expressions that do more than read. */
function readOperands(expr: Expr): ReadParts | undefined {
  switch (expr.kind) {
    case 'input':
    case 'base':
      return expr.world === 0
        ? { name: `${expr.kind} ${JSON.stringify(expr.names)}`, operands: [] }
        : undefined;
    case 'member':
    case 'entry':
      // An item is read only of what is known to be an array: not before that is tested.
      return { name: expr.kind, operands: [expr.of, expr.key] };
    default:
      return undefined;
  }
}

/** One text per operand. */
export function operandKey(operand: Operand): string {
  return operand.kind === 'register' ? `r${operand.id}` : canonicalKey(operand.value);
}
