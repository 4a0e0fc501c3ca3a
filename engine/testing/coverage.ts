/**
 * Coverage: which definitions gave a value and which statements were evaluated, and held, while tests ran. A head or an `else` is
 * covered when it gave a value, a statement when it was evaluated; one that never held is told apart.
 */
import type { Literal, Rule } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import type { CheckedModule, CheckedRule } from '../../lang/check/checked.ts';
import { positionAt, type Source } from '../../lang/source.ts';
import type { Scope } from '../interpret/machine.ts';
import type { Tracer } from '../interpret/tracer.ts';
import type { PolicySet } from '../policy-set.ts';
import { type CoverageUnit, unitAround, unitsOf } from './coverage-units.ts';

/** `true`: it gave a value or held. `evaluated`: it never held. `missed`: it was never reached. */
export type UnitState = 'true' | 'evaluated' | 'missed';

export interface CoveredUnit {
  readonly kind: CoverageUnit['kind'];
  readonly state: UnitState;
  /** How often it was evaluated or gave a value. */
  readonly hits: number;
  /** UTF-16 offsets into the file. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export interface Share {
  readonly covered: number;
  readonly total: number;
}

export interface FileCoverage {
  readonly source: Source;
  readonly units: readonly CoveredUnit[];
  readonly expressions: Share;
  /** Lines on which a unit starts; covered when all of them are. */
  readonly lines: Share;
}

export interface Coverage {
  readonly files: readonly FileCoverage[];
  readonly expressions: Share;
  readonly lines: Share;
}

/** Counts what is evaluated; one recorder may watch any number of evaluations of one policy set. */
export class CoverageRecorder implements Tracer {
  readonly #tried = new Map<Literal, number>();
  readonly #held = new Set<Literal>();
  readonly #fired = new Map<Rule, Map<number, number>>();

  literal(_scope: Scope, literals: readonly Literal[], index: number): void {
    const literal = literals[index];
    if (literal !== undefined) this.addTries(literal, 1);
  }

  held(literal: Literal): void {
    this.#held.add(literal);
  }

  fired({ rule }: CheckedRule, branch: number): void {
    this.addFirings(rule, branch, 1);
  }

  addTries(literal: Literal, count: number): void {
    this.#tried.set(literal, this.tries(literal) + count);
  }

  addFirings(rule: Rule, branch: number, count: number): void {
    const branches = this.#fired.get(rule) ?? new Map<number, number>();
    branches.set(branch, (branches.get(branch) ?? 0) + count);
    this.#fired.set(rule, branches);
  }

  /** Branch and count of those of a rule that gave a value. */
  firedBranches(rule: Rule): readonly (readonly [branch: number, count: number])[] {
    return [...(this.#fired.get(rule) ?? [])];
  }

  tries(literal: Literal): number {
    return this.#tried.get(literal) ?? 0;
  }

  hasHeld(literal: Literal): boolean {
    return this.#held.has(literal);
  }

  firings(rule: Rule, branch: number): number {
    return this.#fired.get(rule)?.get(branch) ?? 0;
  }
}

/** Coverage of the modules `isCounted` says yes to (tests do not count), in the order of the set. */
export function measureCoverage(
  policySet: PolicySet,
  recorder: CoverageRecorder,
  isCounted: (source: Source) => boolean,
): Coverage {
  const files = policySet.modules.modules
    .filter(({ source }) => isCounted(source))
    .map((module) => measureModule(module, recorder));
  return {
    files,
    expressions: sum(files.map(({ expressions }) => expressions)),
    lines: sum(files.map(({ lines }) => lines)),
  };
}

/** In percent, rounded down to a tenth, so that only all is 100. */
export function percentOf({ covered, total }: Share): number {
  return total === 0 ? 100 : Math.floor((covered * 1000) / total) / 10;
}

function measureModule(checked: CheckedModule, recorder: CoverageRecorder): FileCoverage {
  const { source, module, rules } = checked;
  const units = unitsOf(module);
  const literals = new Map<CoverageUnit, Literal[]>();
  for (const { rule } of rules) {
    visit(rule, {
      Literal: (literal, ancestors) => {
        const unit = ancestors.at(-1)?.kind === 'Body' ? unitAround(units, literal) : undefined;
        // What is negated has the place of the whole statement, and holds when that fails.
        const isInner = ancestors.some(
          (outer) => outer.kind === 'Literal' && unitAround(units, outer) === unit,
        );
        if (unit !== undefined && !isInner)
          literals.set(unit, [...(literals.get(unit) ?? []), literal]);
        return undefined;
      },
    });
  }
  const evaluatedRule = new Map(rules.map(({ rule }) => [rule.span.start, rule]));
  const covered = units.flatMap((unit): readonly CoveredUnit[] => {
    const state = stateOf(unit, recorder, literals.get(unit), evaluatedRule);
    const { start, end } = unit.span;
    const { line } = positionAt(source, start);
    return state === undefined ? [] : [{ kind: unit.kind, ...state, start, end, line }];
  });
  return {
    source,
    units: covered,
    expressions: shareOf(covered.map(isCovered)),
    lines: shareOf(
      [...Map.groupBy(covered, ({ line }) => line).values()].map((on) => on.every(isCovered)),
    ),
  };
}

/** Undefined for a statement of which nothing is left to evaluate. */
function stateOf(
  unit: CoverageUnit,
  recorder: CoverageRecorder,
  literals: readonly Literal[] | undefined,
  evaluatedRule: ReadonlyMap<number, Rule>,
): Pick<CoveredUnit, 'state' | 'hits'> | undefined {
  if (unit.kind === 'expression') {
    if (literals === undefined) return undefined;
    const hits = Math.max(...literals.map((literal) => recorder.tries(literal)));
    const holds = literals.every((literal) => recorder.hasHeld(literal));
    return { state: hits === 0 ? 'missed' : holds ? 'true' : 'evaluated', hits };
  }
  const rule = evaluatedRule.get(unit.rule.span.start);
  if (rule === undefined) return undefined;
  const hits = recorder.firings(rule, unit.kind === 'head' ? 0 : unit.branch);
  return { state: hits === 0 ? 'missed' : 'true', hits };
}

export function isCovered({ state }: CoveredUnit): boolean {
  return state !== 'missed';
}

function shareOf(flags: readonly boolean[]): Share {
  return { covered: flags.filter(Boolean).length, total: flags.length };
}

function sum(shares: readonly Share[]): Share {
  return {
    covered: shares.reduce((total, share) => total + share.covered, 0),
    total: shares.reduce((total, share) => total + share.total, 0),
  };
}
