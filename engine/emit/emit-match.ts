/**
 * JavaScript of how the rules of a decision are matched: loops, lookups in tables, and flags as bits. What holds leads from one state
 * to the next; a state stands for the sayings that hold, and for the decision they make.
 */

import type { Feature, MatchPlan, RowForm, Template } from '../plan/match-plan.ts';
import { BLOCK, type Slot } from '../plan/match-tables.ts';
import type { SharedScan, SharedValue, SharedValues } from '../plan/shared-values.ts';
import { TextTable } from '../plan/text-table.ts';
import type { CodeWriter } from './code-writer.ts';
import { writeBlock, writeSteps } from './emit-block.ts';
import { writeExit } from './emit-exit.ts';
import { expression } from './emit-expr.ts';
import { writeFlags } from './emit-flags.ts';
import { textLookup } from './emit-text-table.ts';
import { neededBy } from './needed-values.ts';

/** What a rule that cannot be decided here does: the reference interpreter decides. */
export const GIVE_UP = '{ fuel = left; refuel = before; return undefined; }';

/** A place's tables: known to the code, or in a variable. */
type Place =
  | { readonly kind: 'fixed'; readonly slot: Slot }
  | { readonly kind: 'variable'; readonly name: string };

interface Scope {
  readonly scans: ReadonlySet<SharedScan>;
  readonly values: ReadonlySet<SharedValue>;
}

/** Writes the walk through the rules: `s` becomes the state that stands for what holds, `f` a list of what is computed. */
export function writeMatch(out: CodeWriter, plan: MatchPlan, values: SharedValues): void {
  new MatchWriter(out, values).start(plan);
}

class MatchWriter {
  readonly #out: CodeWriter;
  readonly #values: SharedValues;

  constructor(out: CodeWriter, values: SharedValues) {
    this.#out = out;
    this.#values = values;
  }

  start({ root, slot, flags }: MatchPlan): void {
    const asked = flags.flatMap(({ needs }) => needs);
    const scope = this.#writeValues(root, asked, { scans: new Set(), values: new Set() });
    writeFlags(this.#out, flags);
    this.#writeFeatures(root, { kind: 'fixed', slot }, scope);
  }

  /** What several features of a place use, or one of them for every element: read once, before them. */
  #writeValues(template: Template, asked: readonly SharedValue[], scope: Scope): Scope {
    const uses = new Map<SharedValue, number>();
    const note = (value: SharedValue, count: number): void => {
      if (value.expr === undefined || scope.values.has(value)) return;
      if (value.scans.some((scan) => !scope.scans.has(scan))) return;
      uses.set(value, (uses.get(value) ?? 0) + count);
    };
    const all = this.#values;
    for (const value of neededBy(all, { values: asked })) note(value, 2);
    for (const feature of template.features) {
      if (feature.kind === 'equal' || feature.kind === 'prefix') {
        for (const value of neededBy(all, { values: [feature.of] })) note(value, 2);
        for (const value of neededBy(all, { template: feature.inner })) note(value, 1);
      } else {
        for (const value of neededBy(all, { feature })) note(value, 2);
      }
    }
    const values = [...uses].filter(([, count]) => count > 1).map(([value]) => value);
    values.sort((a, b) => a.register.id - b.register.id);
    for (const { register, expr } of values) {
      if (expr === undefined) continue;
      const made = expression(this.#out, expr, writeBlock);
      const isText = register.domain === 'any' && this.#out.values.has(register.id);
      this.#out.line(`const r${register.id} = ${isText ? `sound(${made})` : made};`);
    }
    return { scans: scope.scans, values: new Set([...scope.values, ...values]) };
  }

  #writeTemplate(template: Template, place: Place, scope: Scope): void {
    this.#writeFeatures(template, place, this.#writeValues(template, [], scope));
  }

  #writeFeatures(template: Template, place: Place, scope: Scope): void {
    for (const [at, feature] of template.features.entries()) {
      if (place.kind === 'fixed') {
        const slot = template.features.length === 1 ? place.slot : slotAt(place.slot, at);
        this.#writeFeature(feature, { kind: 'fixed', slot }, scope);
      } else if (template.features.length === 1) {
        this.#writeFeature(feature, place, scope);
      } else {
        const name = this.#out.fresh('t');
        this.#out.line(`const ${name} = ${place.name}[${at}];`);
        this.#out.line(`if (${name} !== undefined) {`);
        this.#writeFeature(feature, { kind: 'variable', name }, scope);
        this.#out.line('}');
      }
    }
  }

  #writeFeature(feature: Feature, place: Place, scope: Scope): void {
    switch (feature.kind) {
      case 'scan':
        this.#writeScan(feature, place, scope);
        return;
      case 'equal':
        this.#writeEqual(feature, place, scope);
        return;
      case 'prefix':
        this.#writePrefix(feature, place, scope);
        return;
      case 'flags':
        this.#writeFlagRows(place);
        return;
      case 'rows':
        this.#writeRows(feature.form, place);
        return;
    }
  }

  #writeScan(
    { scan, inner }: Extract<Feature, { kind: 'scan' }>,
    place: Place,
    scope: Scope,
  ): void {
    const out = this.#out;
    const [members, at] = [out.fresh('m'), out.fresh('i')];
    const of = `r${scan.of.register.id}`;
    const hasKey = out.used.has(scan.key.register.id);
    out.line(`const ${members} = valuesOf(w, ${of});`);
    const keys = out.fresh('k');
    if (hasKey) out.line(`const ${keys} = keysOf(w, ${of});`);
    out.line(`for (let ${at} = 0; ${at} < ${members}.length; ${at} += 1) {`);
    out.line('if (--fuel < 0) fuel = refuel();');
    this.#writeElement(scan.value, `${members}[${at}]`);
    if (hasKey) this.#writeElement(scan.key, `${keys}[${at}]`);
    const scans = new Set([...scope.scans, scan]);
    this.#writeTemplate(inner, place, { ...scope, scans });
    out.line('}');
  }

  #writeElement({ register }: SharedValue, element: string): void {
    const out = this.#out;
    if (!out.used.has(register.id)) return;
    const isText = register.domain === 'any' && out.values.has(register.id);
    out.line(`const r${register.id} = ${isText ? `sound(${element})` : element};`);
  }

  #writeEqual(
    { of, inner }: Extract<Feature, { kind: 'equal' }>,
    place: Place,
    scope: Scope,
  ): void {
    const out = this.#out;
    const name = out.fresh('t');
    out.line(`const ${name} = ${this.#lookup(`r${of.register.id}`, place)};`);
    out.line(`if (${name} !== undefined) {`);
    this.#writeTemplate(inner, { kind: 'variable', name }, scope);
    out.line('}');
  }

  #lookup(value: string, place: Place): string {
    if (place.kind === 'variable') return `${place.name}.get(${value})`;
    const { slot } = place;
    if (slot instanceof TextTable) return textLookup(this.#out, slot, value, 'undefined');
    return `${this.#out.constant(slot)}.get(${value})`;
  }

  #writePrefix(
    { of, inner }: Extract<Feature, { kind: 'prefix' }>,
    place: Place,
    scope: Scope,
  ): void {
    const out = this.#out;
    const text = `r${of.register.id}`;
    const table = place.kind === 'fixed' ? out.constant(place.slot) : place.name;
    const [lengths, at, name] = [out.fresh('z'), out.fresh('i'), out.fresh('t')];
    out.line(`if (typeof ${text} === "string") {`);
    out.line(`const ${lengths} = ${table}.lengths;`);
    out.line(`for (let ${at} = 0; ${at} < ${lengths}.length; ${at} += 1) {`);
    out.line(`if (${text}.length < ${lengths}[${at}]) break;`);
    out.line(`const ${name} = ${table}.tables.get(${text}.slice(0, ${lengths}[${at}]));`);
    out.line(`if (${name} !== undefined) {`);
    this.#writeTemplate(inner, { kind: 'variable', name }, scope);
    out.line('} } }');
  }

  #writeFlagRows(place: Place): void {
    const out = this.#out;
    const [block, held] = [out.fresh('q'), out.fresh('h')];
    const first = place.kind === 'fixed' ? String(place.slot) : place.name;
    const bit = (at: number, bits: number): string => {
      const flags = `N[${block}${at === 0 ? '' : ` + ${at}`}]`;
      return `((b & ${flags}) === ${flags} ? ${bits} : 0)`;
    };
    out.line(`let ${block} = ${first};`);
    out.line('do {');
    out.line(`const ${held} = ${bit(BLOCK.first, 1)} | ${bit(BLOCK.second, 2)};`);
    out.line(`if (${held} !== 0) s = next(s, ${block} + ${held});`);
    out.line(`${block} = N[${block} + ${BLOCK.more}];`);
    out.line(`} while (${block} !== 0);`);
  }

  #writeRows(form: RowForm, place: Place): void {
    const out = this.#out;
    const guards = form.needs.filter(({ expr }) => expr !== undefined);
    const defined = guards.map(({ register }) => `r${register.id} !== undefined`);
    if (defined.length > 0) out.line(`if (${defined.join(' && ')}) {`);
    out.site = { rule: form.rule, span: form.rule.rule.head.span };
    const [rows, at, row, label] = [out.fresh('t'), out.fresh('i'), out.fresh('q'), out.fresh('l')];
    out.line(`const ${rows} = ${place.kind === 'fixed' ? out.constant(place.slot) : place.name};`);
    if (form.count > 1) {
      out.line(`if ((fuel -= ${rows}.length) < 0) fuel = refuel();`);
      out.line(`${label}: for (let ${at} = 0; ${at} < ${rows}.length; ${at} += 1) {`);
    } else {
      out.line(`${label}: {`);
    }
    const fail = form.count > 1 ? `continue ${label};` : `break ${label};`;
    out.line(`const ${row} = ${rows}[${form.count > 1 ? at : 0}];`);
    out.line(`if ((b & ${row}.flags) !== ${row}.flags) ${fail}`);
    if (form.count > 1) {
      if (form.parameters.length > 0) out.line(`const c = ${row}.constants;`);
      for (const [index, { id }] of form.parameters.entries())
        out.line(`const r${id} = c[${index}];`);
    } else {
      out.fixed = new Map(form.parameters.map(({ id }, index) => [id, form.only[index] ?? null]));
    }
    writeSteps(out, form.steps, 0, fail, fail, (operands, stop) => {
      const [first] = operands;
      if (form.leaf === 'says' || first === undefined) out.line(`s = next(s, ${row}.says + 1);`);
      else if (form.leaf === 'truth') writeTruth(out, out.raw(first), `${row}.says`);
      else {
        const values = operands.length === 1 ? out.boxed(first) : out.boxedList(operands);
        out.line(`s = next(s, ${row}.says + 1);`);
        out.line(`(f ??= []).push(${row}.says, ${values});`);
      }
      writeExit(out, form, stop);
    });
    out.fixed = new Map();
    out.line('}');
    out.site = undefined;
    if (defined.length > 0) out.line('}');
  }
}

/** A rule that says whether it is true: anything else than a boolean is a fault, which the reference reports. */
export function writeTruth(out: CodeWriter, value: string, says: string): void {
  out.line(`if (${value} === true) s = next(s, ${says} + 1);`);
  out.line(`else if (${value} === false) s = next(s, ${says} + 2);`);
  out.line(`else ${GIVE_UP}`);
}

function slotAt(slot: Slot, at: number): Slot {
  if (!Array.isArray(slot)) throw new Error('a place has no slots');
  return (slot as readonly Slot[])[at];
}
