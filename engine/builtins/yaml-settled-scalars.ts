/** Where OPA's YAML reader takes a scalar otherwise than the library does: each is looked at once, and set right or refused. */
import { type Document, isAlias, isCollection, type Scalar, visit } from 'yaml';
import { type BuiltinFault, builtinError } from '../value/fault.ts';

/** Half of a pair, as JSON escapes it and YAML does not. */
const SURROGATE_ESCAPE = /\\(?:u|U0000)[dD][89a-fA-F]/;
/** The library takes anything for the name of an anchor. */
const ANCHOR = /^[\w-]+$/;
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
      return fault && visit.BREAK;
    },
  });
  if (fault !== undefined) return fault;
  visit(document, {
    Scalar(_key, node, path) {
      const [start, end] = node.range ?? [0, 0];
      if (isCut && end === source.length) cutLastBreak(node);
      // Digits without end are no number that a float holds, so they are a text.
      if (typeof node.value === 'number' && isTooLarge(node)) node.value = node.source;
      fault ??= refusal(node, () => source.slice(start, end));
      if (node.type === 'PLAIN' && node.source?.includes('?') === true && isInFlow(path))
        fault ??= builtinError('yaml: found unexpected key indicator');
      return fault && visit.BREAK;
    },
  });
  return fault;
}

function refusal(node: Scalar, text: () => string): BuiltinFault | undefined {
  if (typeof node.value === 'string' && NARROW_TAG.test(node.tag ?? ''))
    return builtinError(`yaml: cannot decode !!str as a ${node.tag}`);
  const isEscaped =
    node.type === 'QUOTE_DOUBLE' && SURROGATE_ESCAPE.test(text().replaceAll('\\\\', ''));
  return isEscaped ? builtinError('yaml: found invalid Unicode character escape code') : undefined;
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
