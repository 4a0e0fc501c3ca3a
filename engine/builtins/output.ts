/**
 * What policies show: `print`, which never fails, `trace`, which is accepted and shows nothing, and the joining of template
 * strings, whose undefined parts read `<undefined>`. OPA topdown/print.go, template_string.go.
 */
import { isSet } from '../value/compare.ts';
import { builtinError, isFault, limitError } from '../value/fault.ts';
import { displayText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import type { BuiltinFunction } from './context.ts';
import { array, builtin, text } from './operand.ts';

/** Lines one `print` may write when its operands have several values. */
export const MAX_PRINT_LINES = 1000;

/** The values of an operand: a set stands for the values an expression has, none of them when it is undefined. */
function alternatives(operand: Value): readonly string[] {
  if (!isSet(operand)) return [displayText(operand)];
  return operand.size === 0 ? ['<undefined>'] : operand.toSorted().map(displayText);
}

/** Every combination of the operands' values; `undefined` when there are too many. */
function combinations(operands: readonly Value[]): string[][] | undefined {
  let rows: string[][] = [[]];
  for (const operand of operands) {
    const texts = alternatives(operand);
    if (rows.length * texts.length > MAX_PRINT_LINES) return undefined;
    rows = rows.flatMap((row) => texts.map((part) => [...row, part]));
  }
  return rows;
}

export const OUTPUTS = {
  print: (ctx, args) => {
    ctx.print(args.map(displayText).join(' '));
    return true;
  },
  'internal.print': builtin([array], (ctx, operands) => {
    const rows = combinations(operands);
    if (rows === undefined)
      return limitError(`print exceeds the limit of ${MAX_PRINT_LINES} lines`);
    for (const row of rows) ctx.print(row.join(' '));
    return true;
  }),
  'internal.template_string': (_ctx, args) => {
    const parts = array(args[0] ?? null, 1);
    if (isFault(parts)) return parts;
    const isSingle = parts.every((part) => !isSet(part) || part.size <= 1);
    if (!isSingle) return builtinError('template-strings must not produce multiple outputs');
    return parts.map((part) => alternatives(part)[0] ?? '').join('');
  },
  trace: builtin([text], (_ctx, _note) => true),
} satisfies Readonly<Record<string, BuiltinFunction>>;
