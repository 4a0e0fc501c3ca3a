/**
 * How the rules of a decision are matched together: one walk through the input in which what rules have in common is done once.
 *
 * A template says what is done at a place: collections gone through, values and prefixes looked up, flags asked, rows tried. What differs
 * between rules at places of the same form (the constants they compare with) is data in tables, so that ten thousand rules of one form
 * are as much code as one.
 */
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Value } from '../value/value.ts';
import type { Operand, Register, Step } from './ir.ts';
import { mapStep } from './map-plan.ts';
import { BlockTable, keyTable, PrefixTable, type Row, type Slot } from './match-tables.ts';
import {
  type Flag,
  flagOfEqual,
  type IndexKey,
  type PathStep,
  type RulePath,
} from './rule-path.ts';
import type { SharedScan, SharedValue } from './shared-values.ts';
import { isExactConstant } from './walk-plan.ts';

/** Rows of one form: their steps with parameters in the place of constants. */
export interface RowForm {
  /** The first rule that has it, for readers of the code. */
  readonly rule: CheckedRule;
  readonly steps: readonly Step[];
  readonly parameters: readonly Register[];
  readonly needs: readonly SharedValue[];
  readonly leaf: LeafKind;
  /** All rows there are. */
  count: number;
  /** The constants of the only row there is, while there is one. */
  readonly only: readonly Value[];
}

/** `says`: a rule without anything to compute; `truth`: it says its first or second saying; `value`: it says the values it yields. */
export type LeafKind = 'says' | 'truth' | 'value';

export type Feature =
  | { readonly kind: 'scan'; readonly scan: SharedScan; readonly inner: Template }
  | { readonly kind: 'equal'; readonly of: SharedValue; readonly inner: Template }
  | { readonly kind: 'prefix'; readonly of: SharedValue; readonly inner: Template }
  | { readonly kind: 'flags' }
  | { readonly kind: 'rows'; readonly form: RowForm };

/** What is done at places of one form. */
export interface Template {
  readonly features: Feature[];
  readonly index: Map<string, number>;
  /** Places that have this form; with one, its slots are known to the code. */
  places: number;
}

/** A rule to be matched. */
export interface MatchRule {
  readonly rule: CheckedRule;
  readonly path: RulePath;
  readonly leaf: LeafKind;
  /** Of `truth` two, otherwise one. */
  readonly sayings: readonly number[];
}

export interface MatchPlan {
  readonly root: Template;
  readonly slot: Slot;
  readonly blocks: BlockTable;
  /** Tests whose bit in the flags is their place here. */
  readonly flags: readonly Flag[];
}

/** Bits of the flags; the sign bit is never set. */
const MAX_FLAGS = 30;
/** Values that a place without elements is told apart by before elements are gone through; fewer are flags. */
const LEAST_KEYS = 8;
/** Numbers of parameters begin here. */
export const PARAMETERS = 2_000_000;

/** A place while tables are filled. */
interface Place {
  readonly template: Template;
  readonly slots: (Filling | undefined)[];
}
type Filling =
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'keys'; readonly places: Map<IndexKey, Place> }
  | { readonly kind: 'prefixes'; readonly places: Map<string, Place> }
  | { readonly kind: 'flags'; readonly first: number }
  | { readonly kind: 'rows'; readonly rows: Row[] };

/** Plans how rules are matched. */
export function planMatch(rules: readonly MatchRule[]): MatchPlan {
  return new MatchBuilder(rules).build(rules);
}

class MatchBuilder {
  readonly #keys = new Map<SharedValue, Set<IndexKey>>();
  readonly #flags = new Map<string, { readonly bit: number; readonly flag: Flag }>();
  readonly #root: Place = newPlace({ features: [], index: new Map(), places: 0 });
  readonly #blocks = new BlockTable();

  constructor(rules: readonly MatchRule[]) {
    for (const { path } of rules)
      for (const step of path.path) {
        if (step.kind !== 'equal') continue;
        const keys = this.#keys.get(step.of) ?? new Set();
        this.#keys.set(step.of, keys.add(step.constant));
      }
    this.#chooseFlags(rules);
  }

  build(rules: readonly MatchRule[]): MatchPlan {
    for (const rule of rules) this.#add(rule);
    return {
      root: this.#root.template,
      slot: finish(this.#root),
      blocks: this.#blocks,
      flags: [...this.#flags.values()].map(({ flag }) => flag),
    };
  }

  /** The tests of the input that most rules ask for. */
  #chooseFlags(rules: readonly MatchRule[]): void {
    const uses = new Map<string, { readonly flag: Flag; count: number }>();
    for (const rule of rules)
      for (const flag of this.#flagsOf(rule.path)) {
        const use = uses.get(flag.key) ?? { flag, count: 0 };
        use.count += 1;
        uses.set(flag.key, use);
      }
    // What one rule asks is asked when it is its turn; members of one collection are found together, however many are sought.
    const chosen = [...uses.values()]
      .filter(({ flag, count }) => count > 1 || flag.test.kind === 'membership')
      .sort((a, b) => b.count - a.count)
      .slice(0, MAX_FLAGS);
    for (const [bit, { flag }] of chosen.entries()) this.#flags.set(flag.key, { bit, flag });
  }

  #flagsOf(path: RulePath): readonly Flag[] {
    const demoted = path.path.flatMap((step) =>
      this.#isFlag(path, step) ? [flagOfEqual(step)] : [],
    );
    return [...path.flags, ...demoted];
  }

  /** Telling apart by a value that is the same throughout before going through elements would mean going through them several times. */
  #isFlag(path: RulePath, step: PathStep): step is Extract<PathStep, { kind: 'equal' }> {
    return (
      step.kind === 'equal' &&
      step.of.scans.length === 0 &&
      (this.#keys.get(step.of)?.size ?? 0) < LEAST_KEYS &&
      path.path.some(({ kind }) => kind === 'scan')
    );
  }

  #add(rule: MatchRule): void {
    const { path, leaf, sayings } = rule;
    let place = this.#root;
    for (const step of this.#ordered(path)) place = this.#descend(place, step);
    let flags = 0;
    const tests: Flag[] = [];
    for (const flag of this.#flagsOf(path)) {
      const known = this.#flags.get(flag.key);
      if (known === undefined) tests.push(flag);
      else flags |= 1 << known.bit;
    }
    if (tests.length + path.rest.length + path.needs.length === 0 && leaf === 'says') {
      for (const saying of sayings) this.#addFlagRow(place, flags, saying);
      return;
    }
    this.#addRow(place, flags, tests, rule);
  }

  /** Tests as early as what they test is known, those with the fewest keys first, so that the last of them has the largest table. */
  #ordered(path: RulePath): readonly PathStep[] {
    const levels: PathStep[][] = [[]];
    const scans: SharedScan[] = [];
    const tests: Exclude<PathStep, { kind: 'scan' }>[] = [];
    for (const step of path.path) {
      if (step.kind === 'scan') {
        scans.push(step.scan);
        levels.push([step]);
      } else if (!this.#isFlag(path, step)) tests.push(step);
    }
    const weight = (step: (typeof tests)[number]): number =>
      step.kind === 'prefix' ? Number.POSITIVE_INFINITY : (this.#keys.get(step.of)?.size ?? 0);
    tests.sort((a, b) => weight(a) - weight(b) || a.of.register.id - b.of.register.id);
    for (const test of tests) {
      const level = Math.max(0, ...test.of.scans.map((scan) => scans.indexOf(scan) + 1));
      levels[level]?.push(test);
    }
    return levels.flat();
  }

  #descend(place: Place, step: PathStep): Place {
    if (step.kind === 'scan') {
      const at = featureAt(place, `scan ${step.scan.id}`, () => ({
        kind: 'scan',
        scan: step.scan,
        inner: newTemplate(),
      }));
      const known = place.slots[at];
      if (known?.kind === 'place') return known.place;
      const made = newPlace(templateOf(place, at));
      place.slots[at] = { kind: 'place', place: made };
      return made;
    }
    const { of, kind, constant } = step;
    const at = featureAt(place, `${kind} ${of.register.id}`, () => ({
      kind,
      of,
      inner: newTemplate(),
    }));
    const made = { kind: kind === 'equal' ? 'keys' : 'prefixes', places: new Map() } as const;
    const filling = place.slots[at] ?? made;
    place.slots[at] = filling;
    if (filling.kind !== 'keys' && filling.kind !== 'prefixes') throw new Error('no table');
    const places: Map<IndexKey, Place> = filling.places;
    let next = places.get(constant);
    if (next === undefined) {
      next = newPlace(templateOf(place, at));
      places.set(constant, next);
    }
    return next;
  }

  #addFlagRow(place: Place, flags: number, saying: number): void {
    const at = featureAt(place, 'flags', () => ({ kind: 'flags' }));
    const filling = place.slots[at];
    if (filling?.kind === 'flags') {
      this.#blocks.addRule(filling.first, flags, saying);
      return;
    }
    const first = this.#blocks.add([]);
    this.#blocks.addRule(first, flags, saying);
    place.slots[at] = { kind: 'flags', first };
  }

  #addRow(place: Place, flags: number, tests: readonly Flag[], rule: MatchRule): void {
    const { path, leaf, sayings } = rule;
    const own: Step[] = tests.map(({ test }) => ({ kind: 'test', test, at: NOWHERE }));
    const needs = [...path.needs, ...tests.flatMap(({ needs: of }) => of)];
    const yields = leaf === 'says' ? [] : path.yields;
    const steps: Step[] = [...own, ...path.rest, { kind: 'yield', operands: yields, at: NOWHERE }];
    const { constants, parameters, mapped } = parametrise(steps);
    const key = `rows ${leaf} ${needs.map(({ register }) => register.id).join(' ')} ${formKey(mapped)}`;
    const at = featureAt(place, key, () => ({
      kind: 'rows',
      form: { rule: rule.rule, steps: mapped, parameters, needs, leaf, count: 0, only: constants },
    }));
    const feature = place.template.features[at];
    if (feature?.kind !== 'rows') throw new Error('no rows');
    feature.form.count += 1;
    const says = this.#blocks.add(sayings);
    const filling = place.slots[at];
    const row: Row = { flags, says, constants };
    if (filling?.kind === 'rows') filling.rows.push(row);
    else place.slots[at] = { kind: 'rows', rows: [row] };
  }
}

const NOWHERE = { start: 0, end: 0 } as const;

function newTemplate(): Template {
  return { features: [], index: new Map(), places: 0 };
}

function newPlace(template: Template): Place {
  template.places += 1;
  return { template, slots: [] };
}

function featureAt({ template }: Place, key: string, make: () => Feature): number {
  let at = template.index.get(key);
  if (at === undefined) {
    at = template.features.push(make()) - 1;
    template.index.set(key, at);
  }
  return at;
}

function templateOf({ template }: Place, at: number): Template {
  const feature = template.features[at];
  if (feature === undefined || !('inner' in feature)) throw new Error('a feature leads nowhere');
  return feature.inner;
}

/** The tables of a place; all its template's features are known by now. */
function finish(place: Place): Slot {
  const { features } = place.template;
  const slots = features.map((_, at) => finishFilling(place.slots[at]));
  return slots.length === 1 ? slots[0] : slots;
}

function finishFilling(filling: Filling | undefined): Slot {
  switch (filling?.kind) {
    case undefined:
      return undefined;
    case 'place':
      return finish(filling.place);
    case 'keys':
      return keyTable([...filling.places].map(([key, place]) => [key, finish(place)]));
    case 'prefixes': {
      const table = new PrefixTable();
      for (const [prefix, place] of filling.places) {
        table.addLength(prefix);
        table.tables.set(prefix, finish(place));
      }
      return table;
    }
    case 'flags':
      return filling.first;
    case 'rows':
      return filling.rows;
  }
}

/** Puts parameters in the place of constants; those of one value of one rule share one. */
export function parametrise(steps: readonly Step[]) {
  const constants: Value[] = [];
  const parameters: Register[] = [];
  const operand = (of: Operand): Operand => {
    if (of.kind !== 'constant') return of;
    const parameter = parameterOf(PARAMETERS + constants.length, of.value);
    constants.push(of.value);
    parameters.push(parameter);
    return parameter;
  };
  // Names of members are part of the form: they are what makes reading one quick.
  const key = (of: Operand): Operand => (of.kind === 'constant' ? of : operand(of));
  const to = { operand, key, register: (register: Register) => register };
  const mapped = steps.map((step) => mapStep(step, to));
  return { constants, parameters, mapped };
}

function parameterOf(id: number, value: Value): Register {
  const parameter = { kind: 'register', id, domain: 'value', name: undefined } as const;
  if (!isExactConstant({ kind: 'constant', value })) return parameter;
  const isIdentity = typeof value === 'string' || typeof value === 'boolean' || value === null;
  return { ...parameter, holds: isIdentity ? 'identity' : 'exact' };
}

/** One text for all steps that are done alike. Places in the text of the policy and names of variables do not count. */
export function formKey(steps: readonly Step[]): string {
  return JSON.stringify(steps, function (this: { readonly kind?: string }, name, value: unknown) {
    if (name === 'at' || name === 'site' || name === 'variables') return undefined;
    return name === 'name' && this.kind === 'register' ? undefined : value;
  });
}
