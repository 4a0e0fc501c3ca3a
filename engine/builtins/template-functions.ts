/** The functions of Go's `text/template`. `and` and `or`, which do not compute all they are given, are the renderer's. */
import { bytesOf, textOf } from '../value/bytes.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import { escapeQuery } from './encodings.ts';
import { printTemplateText } from './template-format.ts';
import {
  areEqual,
  GoNumber,
  isLess,
  isListValue,
  isMapValue,
  isTrue,
  showValue,
  type TemplateValue,
  textOfValue,
  typeName,
} from './template-values.ts';

/** Characters a rendered template, and a text that it computes, may have. */
export const MAX_TEMPLATE_OUTPUT = 1_000_000;

export interface TemplateFunction {
  /** Arguments it needs. */
  readonly least: number;
  /** And takes. */
  readonly most: number;
  /** Whether the first has to be a string. */
  readonly takesFormat?: boolean;
  run(args: readonly TemplateValue[]): TemplateValue | BuiltinFault;
}

/** What Go writes for a value that is not there; OPA replaces it wherever it stands. */
export const MISSING = '<no value>';
const ANY = Number.POSITIVE_INFINITY;
const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\u0000': '\ufffd',
};
const SCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};
const HTML_SPECIAL = /["'&<>\p{Cc}]/gu;
const SCRIPT_SPECIAL = /[\\'"<>&=]|[^ -\u007f]/gu;
/** A character that scripts show as it is. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const fails = (what: string): BuiltinFault => builtinError(`template: ${what}`);

/** Values side by side, with spaces between those of which neither is a text. */
function join(args: readonly TemplateValue[]): string {
  let joined = '';
  for (const [at, value] of args.entries()) {
    const isApart = at > 0 && !isText(value) && !isText(args[at - 1]);
    joined += (isApart ? ' ' : '') + showValue(value);
  }
  return joined;
}

const isText = (value: TemplateValue): boolean => textOfValue(value) !== undefined;

function bounded(text: string): string | BuiltinFault {
  return text.length <= MAX_TEMPLATE_OUTPUT ? text : tooLong();
}

/** What is said of a text that is too long. */
export function tooLong(): BuiltinFault {
  return limitError(`template exceeds the limit of ${MAX_TEMPLATE_OUTPUT} characters`);
}

function escapeScript(text: string): string {
  return text.replace(SCRIPT_SPECIAL, (character) => {
    const known = SCRIPT[character];
    if (known !== undefined) return known;
    if (character > '\u007f' && PRINTABLE.test(character)) return character;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `\\u${code.padStart(4, '0')}`;
  });
}

function lengthOf(value: TemplateValue): number | undefined {
  const text = textOfValue(value);
  if (text !== undefined) return bytesOf(text).length;
  if (isListValue(value)) return value.length;
  return isMapValue(value) ? value.size : undefined;
}

function indexInto(item: TemplateValue, index: TemplateValue): TemplateValue | BuiltinFault {
  if (item === undefined || item === null) return fails('index of nil pointer');
  if (isMapValue(item)) {
    return typeof index === 'string'
      ? (item.get(index) ?? null)
      : fails(`value has type ${typeName(index)}; should be string`);
  }
  const length = lengthOf(item);
  if (length === undefined) return fails(`can't index item of type ${typeName(item)}`);
  const at = wholeIndex(index, length - 1);
  if (isFault(at)) return at;
  const text = textOfValue(item);
  if (text !== undefined) return new GoNumber('uint8', BigInt(bytesOf(text)[at] ?? 0));
  return isListValue(item) ? (item[at] ?? null) : undefined;
}

function wholeIndex(index: TemplateValue, most: number): number | BuiltinFault {
  if (!(index instanceof GoNumber) || index.type === 'float64')
    return fails(`cannot index slice/array with type ${typeName(index)}`);
  const at = Number(index.value);
  return at >= 0 && at <= most ? at : fails(`index out of range: ${at}`);
}

function sliceOf(args: readonly TemplateValue[]): TemplateValue | BuiltinFault {
  const [item, ...indexes] = args;
  const text = textOfValue(item);
  const list = isListValue(item) ? item : undefined;
  if (text === undefined && list === undefined) return fails(`can't slice ${typeName(item)}`);
  if (indexes.length > (text === undefined ? 3 : 2)) return fails('too many slice indexes');
  const bytes = text === undefined ? undefined : bytesOf(text);
  const length = bytes?.length ?? list?.length ?? 0;
  const bounds: number[] = [];
  for (const index of indexes) {
    const bound = wholeIndex(index, length);
    if (isFault(bound)) return bound;
    if (bound < (bounds.at(-1) ?? 0)) return fails('invalid slice index');
    bounds.push(bound);
  }
  const [start = 0, end = length] = bounds;
  return bytes === undefined ? list?.slice(start, end) : textOf(bytes.subarray(start, end));
}

function isAnyEqual([first, ...others]: readonly TemplateValue[]): boolean | BuiltinFault {
  if (others.length === 0) return fails('missing argument for comparison');
  for (const other of others) {
    const equal = areEqual(first, other);
    if (equal !== false) return equal;
  }
  return false;
}

function isLessOrEqual(a: TemplateValue, b: TemplateValue): boolean | BuiltinFault {
  const less = isLess(a, b);
  return less === false ? areEqual(a, b) : less;
}

const not = (result: boolean | BuiltinFault): boolean | BuiltinFault =>
  isFault(result) ? result : !result;

const compared = (
  run: (a: TemplateValue, b: TemplateValue) => boolean | BuiltinFault,
): TemplateFunction => ({ least: 2, most: 2, run: ([a, b]) => run(a, b) });

/** What escapes shows nil as the template itself shows it. */
const escaped = (run: (text: string) => string): TemplateFunction => ({
  least: 0,
  most: ANY,
  run: (args) => bounded(run(join(args.map((arg) => arg ?? MISSING)))),
});

function notCallable([callee]: readonly TemplateValue[]): BuiltinFault {
  return fails(`call of ${typeName(callee)}`);
}

/** By name. */
export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ['and', { least: 1, most: ANY, run: (args) => args.at(-1) }],
  ['or', { least: 1, most: ANY, run: (args) => args.at(-1) }],
  ['not', { least: 1, most: 1, run: ([value]) => !isTrue(value) }],
  ['call', { least: 1, most: ANY, run: notCallable }],
  [
    'html',
    escaped((text) => text.replace(HTML_SPECIAL, (character) => HTML[character] ?? character)),
  ],
  ['js', escaped(escapeScript)],
  ['urlquery', escaped(escapeQuery)],
  ['print', { least: 0, most: ANY, run: (args) => bounded(join(args)) }],
  [
    'println',
    { least: 0, most: ANY, run: (args) => bounded(`${args.map(showValue).join(' ')}\n`) },
  ],
  [
    'printf',
    {
      least: 1,
      most: ANY,
      takesFormat: true,
      run: ([format, ...args]) =>
        printTemplateText(textOfValue(format) ?? '', args, MAX_TEMPLATE_OUTPUT) ?? tooLong(),
    },
  ],
  [
    'index',
    {
      least: 1,
      most: ANY,
      run: ([item, ...indexes]) => {
        if (item === undefined || item === null) return fails('index of untyped nil');
        let found: TemplateValue | BuiltinFault = item;
        for (const index of indexes) {
          found = indexInto(found, index);
          if (isFault(found)) return found;
        }
        return found;
      },
    },
  ],
  ['slice', { least: 1, most: ANY, run: sliceOf }],
  [
    'len',
    {
      least: 1,
      most: 1,
      run: ([value]) => {
        const length = lengthOf(value);
        return length === undefined
          ? fails(`len of type ${typeName(value)}`)
          : new GoNumber('int', BigInt(length));
      },
    },
  ],
  ['eq', { least: 1, most: ANY, run: isAnyEqual }],
  ['ne', compared((a, b) => not(areEqual(a, b)))],
  ['lt', compared(isLess)],
  ['le', compared(isLessOrEqual)],
  ['gt', compared((a, b) => not(isLessOrEqual(a, b)))],
  ['ge', compared((a, b) => not(isLess(a, b)))],
] satisfies readonly (readonly [string, TemplateFunction])[]);
