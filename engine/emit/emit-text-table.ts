/** JavaScript of looking a text up among few: its place is worked out where it is asked for. */
import type { TextTable } from '../plan/text-table.ts';
import type { CodeWriter } from './code-writer.ts';

/** An expression for what a table has for a variable; `otherwise` where it has nothing. */
export function textLookup(
  out: CodeWriter,
  table: TextTable<unknown>,
  variable: string,
  otherwise: string,
): string {
  const { first, second, factor, mask, shortest } = table.spread;
  const [place, texts, items] = [
    out.fresh('p'),
    out.constant(table.texts),
    out.constant(table.items),
  ];
  const code = (position: number): string => `${variable}.charCodeAt(${position})`;
  const more = factor === 0 ? '' : ` + ${code(second)} * ${factor}`;
  out.line(`let ${place} = 0;`);
  const isLong = `typeof ${variable} === "string" && ${variable}.length >= ${shortest}`;
  const found = `${texts}[${place} = (${code(first)}${more} + ${variable}.length) & ${mask}] === ${variable}`;
  return `${isLong} && ${found} ? ${items}[${place}] : ${otherwise}`;
}
