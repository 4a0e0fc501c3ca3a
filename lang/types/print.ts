/** Types in messages: short, in the words of the language, cut where they grow too wide. */
import { isAnything, type Type } from './type.ts';

/** Members of a union, items or keys that are spelled out before the rest becomes an ellipsis. */
const MAX_PARTS = 8;
/** Levels that are spelled out. */
const MAX_DEPTH = 4;

/** `string`, `array of number`, `object with "a": string, ...`, `number or string`. */
export function printType(type: Type | undefined, depth = 0): string {
  if (type === undefined) return 'something';
  if (depth >= MAX_DEPTH) return '…';
  const inside = (each: Type | undefined): string => printType(each, depth + 1);
  switch (type.kind) {
    case 'array':
      if (type.items.length === 0)
        return type.rest === undefined ? 'empty array' : `array of ${inside(type.rest)}`;
      return `array [${listed(type.items.map(inside), ', ')}${type.rest === undefined ? '' : ', …'}]`;
    case 'object': {
      if (type.properties.size === 0 && type.dynamic === undefined) return 'empty object';
      const properties = [...type.properties.values()].map(
        (property) => `${property.key.text}: ${inside(property.type)}`,
      );
      const dynamic =
        type.dynamic === undefined
          ? []
          : [`[${inside(type.dynamic.key)}]: ${inside(type.dynamic.value)}`];
      return `object {${listed([...properties, ...dynamic], ', ')}}`;
    }
    case 'set':
      return type.of === undefined ? 'empty set' : `set of ${inside(type.of)}`;
    case 'any':
      return isAnything(type) ? 'any' : listed(type.of.map(inside), ' or ');
    case 'function':
      return 'function';
    default:
      return type.kind;
  }
}

/** The same in a sentence, with its article: `a string`, `an array of number`, `a string, an array or a set`. */
export function nounOf(type: Type | undefined): string {
  if (type === undefined) return 'something';
  switch (type.kind) {
    case 'null':
      return 'null';
    case 'any': {
      if (isAnything(type)) return 'anything';
      const parts = type.of.slice(0, MAX_PARTS).map(nounOf);
      const last = type.of.length > MAX_PARTS ? 'something else' : parts.pop();
      return parts.length === 0 ? `${last}` : `${parts.join(', ')} or ${last}`;
    }
    case 'array':
      if (type.items.length === 0 && isAnything(type.rest)) return 'an array';
      break;
    case 'object':
      if (type.properties.size === 0 && isAnything(type.dynamic?.value)) return 'an object';
      break;
    case 'set':
      if (isAnything(type.of)) return 'a set';
  }
  const text = printType(type);
  return `${/^[aeiou]/.test(text) ? 'an' : 'a'} ${text}`;
}

function listed(parts: readonly string[], separator: string): string {
  const shown = parts.slice(0, MAX_PARTS);
  return [...shown, ...(parts.length > MAX_PARTS ? ['…'] : [])].join(separator);
}
