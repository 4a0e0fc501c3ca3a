/** What kind of value something is, and `to_number`. OPA topdown/type.go, type_name.go, casts.go. */
import { kindOf, type ValueKind } from '../value/compare.ts';
import { builtinError } from '../value/fault.ts';
import { BigDecimal, parseNumber } from '../value/number.ts';
import { quoteText } from '../value/text.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin, operandTypeFault } from './operand.ts';

const isKind = (kind: ValueKind): BuiltinFunction =>
  builtin([anyValue], (_ctx, value) => kindOf(value) === kind);

/** What Go reads as a float, and decimal JSON does not: `+1`, `.5`, `1.`, `0x1p-2`, `1_000` is not among them. */
const FLOAT_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT_TEXT = /^[+-]?0[xX](?:[\da-fA-F]+\.?[\da-fA-F]*|\.[\da-fA-F]+)[pP][+-]?\d+$/;

export const TYPE_TESTS = {
  is_array: isKind('array'),
  is_boolean: isKind('boolean'),
  is_null: isKind('null'),
  is_number: isKind('number'),
  is_object: isKind('object'),
  is_set: isKind('set'),
  is_string: isKind('string'),
  type_name: builtin([anyValue], (_ctx, value) => kindOf(value)),
  to_number: builtin([anyValue], (_ctx, value) => {
    if (value === null || value === false) return 0;
    if (value === true) return 1;
    if (typeof value !== 'string') {
      return kindOf(value) === 'number'
        ? value
        : operandTypeFault(1, value, 'null', 'boolean', 'number', 'string');
    }
    if (/^[+-]*(?:inf|infinity|nan)$/i.test(value)) {
      return operandTypeFault(1, value, 'valid number string');
    }
    const parsed = parseNumber(value);
    if (parsed !== undefined) {
      return Number.isFinite(Number(value)) ? parsed : floatFault(value, 'value out of range');
    }
    if (HEX_FLOAT_TEXT.test(value)) return floatFault(value, 'hexadecimal is not supported');
    if (!FLOAT_TEXT.test(value)) return floatFault(value, 'invalid syntax');
    return new BigDecimal(value);
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;

function floatFault(text: string, reason: string) {
  return builtinError(`strconv.ParseFloat: parsing ${quoteText(text)}: ${reason}`);
}
