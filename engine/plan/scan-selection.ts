/**
 * Finds what a scan can be spared: where a body ranges over a collection and then compares one member of each element with something
 * that is the same for all of them (`some g in data.grants; g.user == input.user`), only elements with that member can go on. The
 * comparison stays where it is; whoever looks elements up by it may give more of them, and must give them in their order.
 */
import type { Expr, Operand, Step } from './ir.ts';

/** Elements whose value at `path` equals `wanted`. */
export interface ScanSelection {
  readonly path: readonly string[];
  /** Known before the scan: an operand, or the input at a path. */
  readonly wanted: Operand | Extract<Expr, { kind: 'input' }>;
}

type Scan = Extract<Step, { kind: 'scan' }>;
type Input = Extract<Expr, { kind: 'input' }>;

/** What may stand between the scan and the comparison: it has no effect but to fail. */
const PURE_EXPRS: readonly Expr['kind'][] = ['operand', 'input', 'base', 'member', 'item', 'entry'];
const PURE_TESTS: readonly string[] = ['compare', 'holds', 'membership', 'isArray', 'isObject'];

/** The first such comparison after the scan at `at`; undefined when there is none. */
export function selectionOf(steps: readonly Step[], at: number): ScanSelection | undefined {
  const scan = steps[at];
  if (scan?.kind !== 'scan' || scan.value === undefined || scan.of.kind !== 'register') return;
  return new Search(scan, scan.value.id).among(steps.slice(at + 1));
}

class Search {
  /** Members of the element by the registers they are in. */
  readonly #paths: Map<number, readonly string[]>;
  readonly #inputs = new Map<number, Input>();
  /** Registers that differ from element to element. */
  readonly #varying = new Set<number>();

  constructor({ key }: Scan, element: number) {
    this.#paths = new Map([[element, []]]);
    this.#varying.add(element);
    if (key !== undefined) this.#varying.add(key.id);
  }

  among(steps: readonly Step[]): ScanSelection | undefined {
    for (const step of steps) {
      if (step.kind === 'let' && PURE_EXPRS.includes(step.expr.kind)) {
        this.#varying.add(step.to.id);
        this.#note(step.to.id, step.expr);
      } else if (step.kind === 'test' && PURE_TESTS.includes(step.test.kind)) {
        const { test } = step;
        if (test.kind !== 'compare' || test.operator !== '==') continue;
        const found = this.#pair(test.left, test.right) ?? this.#pair(test.right, test.left);
        if (found !== undefined) return found;
      } else return undefined;
    }
    return undefined;
  }

  #note(register: number, expr: Expr): void {
    if (expr.kind === 'input') this.#inputs.set(register, expr);
    if (expr.kind !== 'member' && expr.kind !== 'entry') return;
    const above = expr.of.kind === 'register' ? this.#paths.get(expr.of.id) : undefined;
    const name = expr.key.kind === 'constant' ? expr.key.value : undefined;
    if (above !== undefined && typeof name === 'string')
      this.#paths.set(register, [...above, name]);
  }

  #pair(element: Operand, other: Operand): ScanSelection | undefined {
    const path = element.kind === 'register' ? this.#paths.get(element.id) : undefined;
    if (path === undefined || path.length === 0) return undefined;
    if (other.kind === 'constant' || !this.#varying.has(other.id)) return { path, wanted: other };
    const input = this.#inputs.get(other.id);
    return input && { path, wanted: input };
  }
}
