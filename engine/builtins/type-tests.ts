/** What kind of value something is, and `to_number`. OPA topdown/type.go, type_name.go, casts.go. */
import { kindOf, type ValueKind } from '../value/compare.ts';
import { builtinError } from '../value/fault.ts';
import { parseNumber } from '../value/number.ts';
import { quoteText } from '../value/text.ts';
import type { BuiltinFunction } from './context.ts';
import { anyValue, builtin, operandTypeFault } from './operand.ts';

const isKind = (kind: ValueKind): BuiltinFunction =>
  builtin([anyValue], (_ctx, value) => kindOf(value) === kind);

/** What Go reads as a float: more than JSON (`+1`, `.5`, `1.`), but no `1_000`. */
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
    return parseNumber(asJsonNumber(value)) ?? floatFault(value, 'invalid syntax');
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;

/** The JSON spelling of `+1`, `.5`, `1.` and `007`; OPA keeps such texts, which are no JSON. */
function asJsonNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = ''] =
    /^([+-]?)(\d*)\.?(\d*)([eE].*)?$/.exec(text) ?? [];
  const integer = whole.replace(/^0+(?=\d)/, '') || '0';
  return `${sign === '-' ? '-' : ''}${integer}${fraction && `.${fraction}`}${exponent}`;
}

function floatFault(text: string, reason: string) {
  return builtinError(`strconv.ParseFloat: parsing ${quoteText(text)}: ${reason}`);
}
