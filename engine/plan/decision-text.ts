/**
 * The plan of a decision as text for readers: by which values rules are found, what is read once for all of them, which tests are made
 * once, and what is left to be tried row by row. What it says is documented in docs/build.md.
 */
import { positionAt } from '../../lang/source.ts';
import { termText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { Chain, DecisionPlan, Saying } from './decision-plan.ts';
import type { Program, Test } from './ir.ts';
import type { Feature, RowForm, Template } from './match-plan.ts';
import { BLOCK, type KeyTable, PrefixTable, type Row, type Slot } from './match-tables.ts';
import { operandText, PlanWriter } from './plan-text.ts';
import type { IndexKey } from './rule-path.ts';
import type { SharedScan, SharedValue } from './shared-values.ts';
import { TextTable } from './text-table.ts';

/** Keys of a table, and rules, that are named; the rest is counted. */
const MAX_NAMED = 4;
/** Characters of a constant that are shown. */
const MAX_TEXT = 40;

/** The text of one decision. */
export function decisionText(
  packages: readonly string[],
  plan: DecisionPlan,
  program: Program,
): string {
  return new DecisionWriter(plan, new PlanWriter(program.groups)).lines(packages).join('\n');
}

class DecisionWriter {
  readonly #plan: DecisionPlan;
  readonly #writer: PlanWriter;

  constructor(plan: DecisionPlan, writer: PlanWriter) {
    this.#plan = plan;
    this.#writer = writer;
  }

  lines(packages: readonly string[]): readonly string[] {
    const { match, chains, sayings, values } = this.#plan;
    const rules = new Set(sayings.map(({ rule }) => rule)).size;
    const flags = match.flags.flatMap(({ test }, at) => this.#flagLines(test, at));
    return [
      `decision by ${packages.join(', ')}: ${count(rules, 'rule')}`,
      ...this.#readLines([...values.all()], [], '  '),
      ...(flags.length === 0 ? [] : ['  tested once', ...flags]),
      ...this.#templateLines(match.root, [match.slot], [], '  '),
      ...chains.flatMap((chain) => this.#chainLines(chain)),
    ];
  }

  /** Values that are the same for all rules at a place are read once, when it is come to. */
  #readLines(
    values: readonly SharedValue[],
    scans: readonly SharedScan[],
    indent: string,
  ): readonly string[] {
    return values
      .filter(
        (value) =>
          value.scans.length === scans.length && value.scans.every((scan) => scans.includes(scan)),
      )
      .flatMap(({ register, expr }) =>
        expr === undefined ? [] : this.#writer.letLines(operandText(register), expr, indent),
      );
  }

  #flagLines(test: Test, at: number): readonly string[] {
    const [first = '', ...more] = this.#writer.testLines(test, '    ');
    return [first.replace('test', `flag ${at}:`), ...more];
  }

  /** What is done at all places of one form; `slots` are their tables. */
  #templateLines(
    { features }: Template,
    slots: readonly Slot[],
    scans: readonly SharedScan[],
    indent: string,
  ): readonly string[] {
    return features.flatMap((feature, at) => {
      const own = features.length === 1 ? slots : slots.map((slot) => slotAt(slot, at));
      const used = own.filter((slot) => slot !== undefined);
      return this.#featureLines(feature, used, scans, indent);
    });
  }

  #featureLines(
    feature: Feature,
    slots: readonly Slot[],
    scans: readonly SharedScan[],
    indent: string,
  ): readonly string[] {
    const inner = `${indent}  `;
    switch (feature.kind) {
      case 'scan': {
        const { scan } = feature;
        const within = [...scans, scan];
        const key = operandText(scan.key.register);
        return [
          `${indent}for each ${key}, ${operandText(scan.value.register)} of ${operandText(scan.of.register)}`,
          ...this.#readLines([...this.#plan.values.all()], within, inner),
          ...this.#templateLines(feature.inner, slots, within, inner),
        ];
      }
      case 'equal':
      case 'prefix': {
        const entries = slots.flatMap(entriesOf);
        const keys = [...new Set(entries.map(([key]) => termText(key)))];
        const how = feature.kind === 'equal' ? 'look up' : 'look up beginnings of';
        return [
          `${indent}${how} ${operandText(feature.of.register)} among ${count(keys.length, 'value')}: ${named(keys)}`,
          ...this.#templateLines(
            feature.inner,
            entries.map(([, slot]) => slot),
            scans,
            inner,
          ),
        ];
      }
      case 'flags': {
        const rules = slots.flatMap((slot) =>
          typeof slot === 'number' ? this.#blockRules(slot) : [],
        );
        return [`${indent}holds: ${named(rules)}`];
      }
      case 'rows':
        return this.#rowLines(feature.form, slots, indent);
    }
  }

  /** Rules that hold when their flags do, as `file:line`. */
  #blockRules(first: number): readonly string[] {
    const { blocks } = this.#plan.match;
    const found: string[] = [];
    for (let block = first; block !== 0; block = blocks.numbers[block + BLOCK.more] ?? 0)
      for (const [at, saying] of blocks.sayingsOf(block).entries())
        found.push(`${this.#placeOf(saying)}${flagsText(blocks.numbers[block + at] ?? 0)}`);
    return found;
  }

  #rowLines(form: RowForm, slots: readonly Slot[], indent: string): readonly string[] {
    const rows = slots.flatMap((slot) => (Array.isArray(slot) ? (slot as readonly Row[]) : []));
    const { blocks } = this.#plan.match;
    const places = rows.map((row) => {
      const [saying = -1] = blocks.sayingsOf(row.says);
      return `${this.#placeOf(saying)}${constantsText(row)}${flagsText(row.flags)}`;
    });
    const longest = Math.max(
      ...slots.map((slot) => (Array.isArray(slot) ? (slot as readonly Row[]).length : 0)),
    );
    const how = longest > 1 ? `try up to ${longest} one after the other` : 'try';
    const steps = form.steps.filter((step) => step.kind !== 'yield');
    return [
      `${indent}${how}: ${named(places)}`,
      ...this.#writer.blockLines({ steps }, `${indent}  `),
    ];
  }

  #chainLines({ rule, attempts }: Chain): readonly string[] {
    const { line } = positionAt(rule.source, rule.rule.span.start);
    return attempts.flatMap(({ block }, at) => [
      at === 0 ? `  ${rule.source.name}:${line}` : `  else ${at}`,
      ...this.#writer.blockLines(block, '    '),
    ]);
  }

  #placeOf(saying: number): string {
    const said: Saying | undefined = this.#plan.sayings[saying];
    if (said === undefined) throw new Error('nothing is said');
    const { rule } = said;
    return `${rule.source.name}:${positionAt(rule.source, rule.rule.span.start).line}`;
  }
}

function slotAt(slot: Slot, at: number): Slot {
  return Array.isArray(slot) ? (slot as readonly Slot[])[at] : undefined;
}

function entriesOf(slot: Slot): readonly (readonly [IndexKey, Slot])[] {
  if (slot instanceof PrefixTable) return [...slot.tables];
  const table = slot as KeyTable;
  if (!(table instanceof TextTable)) return [...table];
  return table.texts.flatMap((text, at) => (text === undefined ? [] : [[text, table.items[at]]]));
}

/** In what a row differs from others of its form. */
function constantsText({ constants }: Row): string {
  if (constants.length === 0) return '';
  const texts = constants.map((value) => termText(value as Value));
  return ` (${texts.map((text) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text)).join(', ')})`;
}

function flagsText(flags: number): string {
  const bits = Array.from({ length: 31 }, (_, bit) => bit).filter((bit) => (flags >> bit) & 1);
  return bits.length === 0
    ? ''
    : ` with ${bits.length === 1 ? 'flag' : 'flags'} ${bits.join(', ')}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function named(all: readonly string[]): string {
  const more = all.length - MAX_NAMED;
  return `${all.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
