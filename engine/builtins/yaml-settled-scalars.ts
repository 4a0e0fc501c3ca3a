/** Where OPA's YAML reader takes a scalar otherwise than the library does: each is looked at once, and set right or refused. */
import { type Document, isAlias, isCollection, isScalar, type Scalar, visit } from 'yaml';
import { type BuiltinFault, builtinError } from '../value/fault.ts';
import { isUnusualNumber, readUnusualNumber } from './yaml-numbers.ts';

/** Half of a pair, as JSON escapes it and YAML does not. */
const SURROGATE_ESCAPE = /\\(?:u|U0000)[dD][89a-fA-F]/;
/** A slash, and a line break before an empty line, which the library takes for one where it is two. */
const REFUSED_ESCAPE = /\\(?:\/|\r?\n[ \t]*\r?\n)/;
const CLOSED_SINGLE = /^'(?:[^']|'')*'$/;
const CLOSED_DOUBLE = /^"(?:[^"\\]|\\[\s\S])*"$/;
/** The library takes anything for the name of an anchor. */
const ANCHOR = /^[\w-]+$/;
/** Names of tags that both readers end at the same place. */
const TAG = /^(?:tag:yaml\.org,2002:|!|tag:[\w.,/:-]*)[\w;/?:@&=+$.~*'()-]+$/;
const NARROW_TAG = /^tag:yaml\.org,2002:(?:int|float|bool|null)$/;

/** Changes the scalars of the document; a fault for one that is no YAML. */
export function settleScalars(document: Document, source: string): BuiltinFault | undefined {
  let fault: BuiltinFault | undefined;
  const isCut = /\S[^\n]*$/.test(source);
  visit(document, {
    Node(_key, node) {
      const name = isAlias(node) ? node.source : node.anchor;
      if (name !== undefined && !ANCHOR.test(name))
        fault ??= builtinError('yaml: did not find expected alphabetic or numeric character');
      if (!isAlias(node) && node.tag !== undefined && !TAG.test(node.tag))
        fault ??= builtinError('yaml: did not find expected tag');
      return fault && visit.BREAK;
    },
  });
  if (fault !== undefined) return fault;
  visit(document, {
    Pair(_key, { key }) {
      // A colon right before the end of a member belongs to the key in OPA.
      const end = isScalar(key) && key.type === 'PLAIN' ? (key.range?.[1] ?? 0) : undefined;
      if (end !== undefined && /^:[,}\]]/.test(source.slice(end, end + 2)))
        fault ??= builtinError('yaml: found a key without a blank behind its colon');
      return fault && visit.BREAK;
    },
    Scalar(_key, node, path) {
      const [start, end] = node.range ?? [0, 0];
      if (isCut && end === source.length) cutLastBreak(node);
      // Digits without end are no number that a float holds, so they are a text.
      if (typeof node.value === 'number' && isTooLarge(node)) node.value = node.source;
      fault ??= refusal(node, () => source.slice(start, end));
      if (node.type === 'PLAIN') {
        const isEmptyTagged = node.tag !== undefined && (node.source ?? '') === '';
        if ((isEmptyTagged || /^:|\?/.test(node.source ?? '')) && isInFlow(path))
          fault ??= builtinError('yaml: found unexpected key or value indicator');
        const text = node.source ?? '';
        if (node.tag === undefined && isUnusualNumber(text)) node.value = readUnusualNumber(text);
      }
      return fault && visit.BREAK;
    },
  });
  return fault;
}

function refusal(node: Scalar, text: () => string): BuiltinFault | undefined {
  if (typeof node.value === 'string' && NARROW_TAG.test(node.tag ?? ''))
    return builtinError(`yaml: cannot decode !!str as a ${node.tag}`);
  if (node.type === 'QUOTE_SINGLE' && !CLOSED_SINGLE.test(text()))
    return builtinError('yaml: found unexpected end of stream');
  if (node.type !== 'QUOTE_DOUBLE') return undefined;
  if (!CLOSED_DOUBLE.test(text())) return builtinError('yaml: found unexpected end of stream');
  const escapes = text().replaceAll('\\\\', '');
  if (SURROGATE_ESCAPE.test(escapes))
    return builtinError('yaml: found invalid Unicode character escape code');
  return REFUSED_ESCAPE.test(escapes)
    ? builtinError('yaml: found unknown escape character')
    : undefined;
}

/** Between braces and brackets `?` begins a key wherever it stands. */
function isInFlow(path: readonly unknown[]): boolean {
  return path.some((node) => isCollection(node) && node.flow === true);
}

/** A block that ends with the text and not with a line break has none. */
function cutLastBreak(node: Scalar): void {
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  if (isBlock && typeof node.value === 'string') node.value = node.value.replace(/\n$/, '');
}

function isTooLarge({ value, source }: Scalar): boolean {
  return typeof value === 'number' && !Number.isFinite(value) && /\d/.test(source ?? '');
}
