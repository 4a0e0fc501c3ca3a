/** Terms whose value is known from the text alone, as keys. */
import type { Term } from '../ast/nodes.ts';
import type { LoweredTerm } from '../check/lowered.ts';
import {
  arrayType,
  BOOLEAN,
  NULL,
  NUMBER,
  objectType,
  type Property,
  type StaticKey,
  stringKey,
} from './type.ts';

/** The key a constant term is; undefined for a term that holds variables, references or comprehensions. */
export function constantKey(term: LoweredTerm): StaticKey | undefined {
  switch (term.kind) {
    case 'scalar':
      return scalarNodeKey(term.node);
    case 'array':
    case 'set': {
      const items = constantKeys(term.items);
      if (items === undefined) return undefined;
      return {
        text: `[${items.map(({ text }) => text).join(',')}]`,
        type: arrayType(items.map(({ type }) => type)),
      };
    }
    case 'object': {
      const keys = constantKeys(term.entries.map(({ key }) => key));
      const values = constantKeys(term.entries.map(({ value }) => value));
      if (keys === undefined || values === undefined) return undefined;
      const properties: Property[] = keys.map((key, at) => ({ key, type: values[at]?.type }));
      return {
        text: `{${keys.map(({ text }, at) => `${text}:${values[at]?.text}`).join(',')}}`,
        type: objectType(properties, undefined),
      };
    }
    default:
      return undefined;
  }
}

/** The key a scalar of the text is, one for all spellings of a number; undefined for any other term. */
export function scalarNodeKey(node: Term): StaticKey | undefined {
  switch (node.kind) {
    case 'Null':
      return { text: 'null', type: NULL };
    case 'Boolean':
      return { text: String(node.value), type: BOOLEAN };
    case 'Number':
      return /^-?\d+$/.test(node.text)
        ? { text: String(BigInt(node.text)), type: NUMBER, index: Number(node.text) }
        : { text: String(Number(node.text)), type: NUMBER };
    case 'String':
      return stringKey(node.value);
    default:
      return undefined;
  }
}

function constantKeys(terms: readonly LoweredTerm[]): readonly StaticKey[] | undefined {
  const keys = terms.map(constantKey);
  return keys.every((key) => key !== undefined) ? keys : undefined;
}
