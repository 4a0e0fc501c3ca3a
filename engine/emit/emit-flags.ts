/** JavaScript of the flags of a decision: tests that are the same throughout it, each made once and kept as a bit. */
import type { Flag } from '../plan/rule-path.ts';
import { TextTable } from '../plan/text-table.ts';
import { isExactConstant } from '../plan/walk-plan.ts';
import type { CodeWriter } from './code-writer.ts';
import { comparison, holds, membership } from './emit-test.ts';
import { textLookup } from './emit-text-table.ts';

/** Texts that are looked for in one collection: one walk through it finds all of them. */
interface Sought {
  readonly collection: number;
  readonly bits: Map<string, number>;
}

/** Which bits stand for which texts of a collection. */
export interface MemberBits {
  readonly bits: ReadonlyMap<string, number>;
}

/** Writes `b`, in which the bit of every flag that holds is set. */
export function writeFlags(out: CodeWriter, flags: readonly Flag[]): void {
  out.line('let b = 0;');
  const sought = new Map<number, Sought>();
  for (const [bit, flag] of flags.entries()) {
    const text = soughtText(flag);
    if (text === undefined) {
      out.line(`if (${condition(out, flag)}) b |= ${1 << bit};`);
      continue;
    }
    const known = sought.get(text.collection) ?? { collection: text.collection, bits: new Map() };
    sought.set(text.collection, known);
    known.bits.set(text.text, 1 << bit);
  }
  for (const { collection, bits } of sought.values()) {
    writeSought(out, `r${collection}`, bits);
  }
}

/** Sets the bits of the texts that are members; a list is gone through in place. */
function writeSought(out: CodeWriter, members: string, bits: ReadonlyMap<string, number>): void {
  const sought: MemberBits = { bits };
  const table = TextTable.of([...bits]);
  out.line(`if (${members} !== undefined) {`);
  if (table !== undefined) {
    const [at, member] = [out.fresh('i'), out.fresh('m')];
    out.line(`if (Array.isArray(${members})) {`);
    out.line(`for (let ${at} = 0; ${at} < ${members}.length; ${at} += 1) {`);
    out.line(`const ${member} = ${members}[${at}];`);
    out.line(`b |= ${textLookup(out, table, member, '0')};`);
    out.line('}');
    out.line('} else');
  }
  out.line(`b |= memberBits(w, ${members}, ${out.constant(sought)});`);
  out.line('}');
}

function condition(out: CodeWriter, { test, needs }: Flag): string {
  const defined = needs.map(({ register }) => `r${register.id} !== undefined && `).join('');
  switch (test.kind) {
    case 'compare':
      return `${defined}${comparison(out, test.operator, test.left, test.right)}`;
    case 'holds':
      return `${defined}${holds(out, test.operand)}`;
    case 'membership':
      return `${defined}${membership(out, test.args)}`;
    default:
      throw new Error(`a ${test.kind} is no flag`);
  }
}

/** A text that is looked for in a shared collection. */
function soughtText({
  test,
}: Flag): { readonly text: string; readonly collection: number } | undefined {
  if (test.kind !== 'membership' || test.args.length !== 2) return undefined;
  const [value, collection] = test.args;
  if (value?.kind !== 'constant' || collection?.kind !== 'register') return undefined;
  if (typeof value.value !== 'string' || !isExactConstant(value)) return undefined;
  return { text: value.value, collection: collection.id };
}
