/**
 * YAML text to a value the way OPA reads it, by way of JSON: `yes` and `on` are strings, numbers are those of YAML 1.1, keys become
 * strings, of equal keys the last wins, and only the first document counts. Aliases are bounded, so that a small text cannot
 * become a large value.
 */
import { parseAllDocuments, type ScalarTag } from 'yaml';
import { INTEGER_TAGS } from '../../lang/yaml-integers.ts';
import { isArray, isObject } from '../value/compare.ts';
import { ValueError } from '../value/error.ts';
import { type BuiltinFault, builtinError } from '../value/fault.ts';
import { isNumber } from '../value/number.ts';
import { ObjectBuilder } from '../value/object.ts';
import { fromPlain } from '../value/plain.ts';
import { termText } from '../value/text.ts';
import type { Value } from '../value/value.ts';
import { refusedCharacter, refusedDirective, refusedTab } from './yaml-by-json.ts';
import { settleScalars } from './yaml-settled-scalars.ts';

/** Times aliases may repeat what they stand for. */
export const MAX_YAML_ALIASES = 100;

const BASE64 = /^[A-Za-z\d+/]*={0,2}$/;

const EXTRA_TAGS: readonly ScalarTag[] = [
  ...INTEGER_TAGS,
  {
    tag: 'tag:yaml.org,2002:binary',
    resolve: (source, onError) => {
      const text = source.replaceAll(/[\r\n]/g, '');
      if (text.length % 4 !== 0 || !BASE64.test(text)) onError('!!binary value is no base64');
      return Buffer.from(text, 'base64').toString('utf8');
    },
  },
];

/** A document that ends before it has begun. */
const ENDED_FIRST = /^(?:[ \t]*(?:#.*)?\r?\n)*\.\.\.(?:\s|$)/;

/** Reads the first document, behind which others must be well-formed; an empty text is null. */
export function readYaml(text: string): Value | BuiltinFault {
  const refused = refusedCharacter(text) ?? refusedDirective(text) ?? refusedTab(text);
  if (refused !== undefined) return refused;
  // The line break of YAML 1.1 that the library takes for a letter.
  const source = text.replaceAll('\u0085', '\n');
  const documents = parseAllDocuments(source, {
    schema: 'core',
    merge: true,
    intAsBigInt: true,
    uniqueKeys: false,
    logLevel: 'silent',
    customTags: (tags) => [...EXTRA_TAGS, ...tags],
  });
  const first = documents[0];
  // What holds directives but no document is no YAML; what holds nothing at all is null.
  if (first === undefined) return /^%/m.test(source) ? builtinError('yaml: no document') : null;
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    return builtinError(`yaml: line ${line}: ${describe(error.message)}`);
  }
  const isBegun = documents
    .slice(1)
    .every(({ directives, contents }) => directives.docStart === true || contents === null);
  if (!isBegun || ENDED_FIRST.test(source))
    return builtinError('yaml: did not find expected <document start>');
  if (documents.some(({ directives: { yaml } }) => yaml.explicit && yaml.version !== '1.1'))
    return builtinError('yaml: found incompatible YAML document');
  const fault = settleScalars(first, source);
  if (fault !== undefined) return fault;
  try {
    return withTextKeys(fromPlain(first.toJS({ mapAsMap: true, maxAliasCount: MAX_YAML_ALIASES })));
  } catch (cause) {
    // Too many aliases (the library throws), or what JSON has no form for: the text is at fault, not the program.
    return builtinError(`yaml: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The words of OPA's reader for an unclosed collection; otherwise the library's own. */
function describe(message: string): string {
  const line = message.split('\n')[0] ?? message;
  if (/flow (?:sequence|collection)|\]/i.test(line)) return "did not find expected ',' or ']'";
  return /flow map|\}/i.test(line) ? "did not find expected ',' or '}'" : line;
}

function withTextKeys(value: Value): Value {
  if (isArray(value)) return value.map(withTextKeys);
  if (!isObject(value)) return value;
  const builder = new ObjectBuilder();
  for (const [key, member] of value.entriesUnordered()) {
    if (typeof key !== 'string' && typeof key !== 'boolean' && !isNumber(key)) {
      throw new ValueError('value/not-representable', 'unsupported type of a map key');
    }
    builder.set(typeof key === 'string' ? key : termText(key), withTextKeys(member));
  }
  return builder.build();
}
