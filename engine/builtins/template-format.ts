/** `printf` of a template: Go's verbs on the values templates have, beside the strings and numbers that go-format.ts knows. */
import { quoteText } from '../value/text.ts';
import { type FormatArgument, type FormatSpec, formatText } from './go-format.ts';
import { formatVerb } from './go-verb.ts';
import {
  GoNumber,
  isListValue,
  isMapValue,
  isPolicyNumber,
  type TemplateValue,
  typeName,
} from './template-values.ts';

/** The text, or `undefined` when it would exceed `limit` characters. */
export function printTemplateText(
  format: string,
  values: readonly TemplateValue[],
  limit: number,
): string | undefined {
  return formatText(format, values.map(argumentOf), limit);
}

function argumentOf(value: TemplateValue): FormatArgument {
  if (typeof value === 'string') return { kind: 'string', value };
  if (value instanceof GoNumber) {
    const { type, value: number } = value;
    if (typeof number === 'number') return { kind: 'float', value: number };
    return { kind: 'integer', value: number, type: type === 'uint8' ? 'uint8' : 'int' };
  }
  return {
    kind: 'other',
    label: typeName(value),
    isNil: value === undefined || value === null,
    format: (verb, spec) => formatOther(verb, value, spec),
  };
}

function formatOther(verb: string, value: TemplateValue, spec: FormatSpec): string {
  if (value === undefined || value === null) return formatNil(verb, spec);
  if (isPolicyNumber(value)) return formatPolicyNumber(verb, String(value), spec);
  if (typeof value === 'boolean') return formatFlag(verb, value, spec);
  const parts = isListValue(value)
    ? value.map((item) => formatInside(verb, item, spec))
    : isMapValue(value)
      ? [...value].map(([key, member]) =>
          [key, member].map((one) => formatInside(verb, one, spec)).join(':'),
        )
      : [];
  const isGo = verb === 'v' && spec.sharp;
  const joined = parts.join(isGo ? ', ' : ' ');
  if (isGo) return `${typeName(value)}{${joined}}`;
  return isListValue(value) ? `[${joined}]` : `map[${joined}]`;
}

function formatInside(verb: string, value: TemplateValue, spec: FormatSpec): string {
  if (value !== undefined && value !== null) return formatVerb(verb, argumentOf(value), spec);
  return verb === 'v' && spec.sharp ? 'interface {}(nil)' : '<nil>';
}

/** Nil is shown under `%v` and `%T`, padded, and is a mistake elsewhere. */
function formatNil(verb: string, spec: FormatSpec): string {
  return verb === 'v' || verb === 'T' ? padded('<nil>', spec) : `%!${verb}(<nil>)`;
}

function formatPolicyNumber(verb: string, text: string, spec: FormatSpec): string {
  if (verb === 'v' && spec.sharp) return padded(quoteText(text), spec);
  if ('vsqxX'.includes(verb)) return formatVerb(verb, { kind: 'string', value: text }, spec);
  return `%!${verb}(json.Number=${padded(text, spec)})`;
}

function formatFlag(verb: string, value: boolean, spec: FormatSpec): string {
  if (verb === 'v' || verb === 't') return padded(String(value), spec);
  return `%!${verb}(bool=${padded(String(value), spec)})`;
}

function padded(text: string, spec: FormatSpec): string {
  return formatVerb('s', { kind: 'string', value: text }, { ...spec, precision: undefined });
}
