/** Checks that every step of a reference can exist, and types the variables that references enumerate. */
import type { LoweredRef, LoweredSegment, LoweredTerm } from '../check/lowered.ts';
import { suggest } from '../suggest.ts';
import { areCompatible } from './compatible.ts';
import { constantKey } from './constant.ts';
import { documentKey, isDocumentName, type TypeEnvironment } from './environment.ts';
import type { TypeFault } from './fault.ts';
import { matchTerm } from './match.ts';
import { isEmptyCollection, keysOf, memberAt, valuesOf } from './members.ts';
import { nounOf, printType } from './print.ts';
import { ANYTHING, type StaticKey, type Type } from './type.ts';
import type { TypeTree } from './type-tree.ts';

/** How a reference reads in a message; `written` gives variables their names in the text. */
export type Wording = (ref: LoweredRef, steps: number) => string;

/**
 * The first fault of a reference, or undefined. Nothing is known of what its steps evaluate to where the reference is inside the body of
 * an `every` or `not`, which OPA types no further.
 */
export function checkReference(
  environment: TypeEnvironment,
  ref: LoweredRef,
  wording: Wording,
  isInside = false,
): TypeFault | undefined {
  if (environment.typeOfRef(ref)?.kind === 'function')
    return {
      code: 'type/function-value',
      span: ref.span,
      message: `${wording(ref, ref.path.length)} is a function and has no value`,
      help: 'call it with its arguments',
      ofUnknown: false,
    };
  const { name } = ref.head;
  const walk: Walk = { environment, ref, wording, isInside };
  if (isDocumentName(name)) return checkInLayer(walk, environment);
  const known = environment.typeOfVariable(name);
  // A parameter nothing is known of yet: from its first use as the head of a reference on, it may be anything.
  if (known === undefined) environment.setVariable(name, ANYTHING);
  return checkBelow(walk, known ?? ANYTHING, 0);
}

interface Walk {
  readonly environment: TypeEnvironment;
  readonly ref: LoweredRef;
  readonly wording: Wording;
  readonly isInside: boolean;
}

function checkInLayer(walk: Walk, layer: TypeEnvironment): TypeFault | undefined {
  const node = layer.tree.child(documentKey(walk.ref.head.name));
  if (node !== undefined)
    return node.type === undefined
      ? checkInTree(walk, layer, node, 0)
      : checkBelow(walk, node.type, 0);
  if (layer.next !== undefined) return checkInLayer(walk, layer.next);
  return checkBelow(walk, ANYTHING, 0);
}

/** `at` is the index of the next step to take from `node`. */
function checkInTree(
  walk: Walk,
  layer: TypeEnvironment,
  node: TypeTree,
  at: number,
): TypeFault | undefined {
  const segment = walk.ref.path[at];
  if (segment === undefined) return undefined;
  const { term } = segment;
  const key = constantKey(term);
  if (at < 2 && !isEvaluated(term) && key?.type.kind !== 'string')
    return invalidStep(walk, at, segment, undefined, node.keys);
  if (isEvaluated(term)) {
    const keys = keysOf(node.extent());
    const known = typeOfStep(walk, term);
    if (known !== undefined) {
      if (!areCompatible(keys, known)) return invalidStep(walk, at, segment, keys, node.keys);
    } else if (keys !== undefined && term.kind === 'var') {
      walk.environment.setVariable(term.name, keys);
    }
  }
  const child = key === undefined ? undefined : node.child(key);
  if (child !== undefined)
    return child.type === undefined
      ? checkInTree(walk, layer, child, at + 1)
      : checkBelow(walk, child.type, at + 1);
  if (layer.next !== undefined) return checkInLayer(walk, layer.next);
  // A variable step enumerates what lies here: each way on may type variables of later steps.
  for (const each of node.children) checkInTree(walk, layer, each, at + 1);
  return undefined;
}

/** OPA puts what such a step evaluates to in a variable before it checks. */
function isEvaluated({ kind }: LoweredTerm): boolean {
  return kind === 'var' || kind === 'ref' || kind === 'comprehension';
}

/** Steps from a value of this type. */
function checkBelow(walk: Walk, start: Type, from: number): TypeFault | undefined {
  let type: Type | undefined = start;
  for (let at = from; at < walk.ref.path.length; at += 1) {
    const segment: LoweredSegment | undefined = walk.ref.path[at];
    if (segment === undefined) return undefined;
    if (isEmptyCollection(type)) return emptyStep(walk, at, segment);
    const { term } = segment;
    const key = term.kind === 'scalar' ? constantKey(term) : undefined;
    const member: Type | undefined = key && memberAt(type, key);
    if (member !== undefined) {
      type = member;
      continue;
    }
    const keys = keysOf(type);
    if (keys === undefined) return unsupportedStep(walk, at, segment, type);
    if (term.kind === 'scalar') return invalidStep(walk, at, segment, keys, staticKeysOf(type));
    if (!stepFits(walk, segment, keys))
      return invalidStep(walk, at, segment, keys, staticKeysOf(type));
    type = valuesOf(type);
  }
  return undefined;
}

function stepFits(walk: Walk, { term }: LoweredSegment, keys: Type): boolean {
  if (!isEvaluated(term)) return matchTerm(walk.environment, term, keys);
  const known = typeOfStep(walk, term);
  if (known !== undefined) return areCompatible(known, keys);
  if (term.kind === 'var') walk.environment.setVariable(term.name, keys);
  return true;
}

function typeOfStep({ environment, isInside }: Walk, term: LoweredTerm): Type | undefined {
  return isInside && term.kind !== 'var' ? undefined : environment.typeOf(term);
}

function staticKeysOf(type: Type | undefined): readonly StaticKey[] {
  if (type?.kind === 'object') return [...type.properties.values()].map(({ key }) => key);
  if (type?.kind === 'any') return type.of.flatMap(staticKeysOf);
  return [];
}

function emptyStep(walk: Walk, at: number, segment: LoweredSegment): TypeFault {
  return {
    code: 'type/undefined-field',
    span: segment.span,
    message: `${walk.wording(walk.ref, at)} is empty and has no members`,
    help: undefined,
    ofUnknown: false,
  };
}

function invalidStep(
  walk: Walk,
  at: number,
  segment: LoweredSegment,
  wanted: Type | undefined,
  known: readonly StaticKey[],
): TypeFault {
  const before = walk.wording(walk.ref, at);
  const key = constantKey(segment.term);
  if (key === undefined)
    return {
      code: 'type/undefined-field',
      span: segment.span,
      message: `${before} is never indexed by ${nounOf(walk.environment.typeOf(segment.term))}`,
      help: keyHelp(wanted),
      ofUnknown: false,
    };
  const plain = (text: string): string =>
    text.startsWith('"') ? (JSON.parse(text) as string) : text;
  const names = known.map(({ text }) => plain(text));
  const close = key.type.kind === 'string' ? suggest(plain(key.text), names) : undefined;
  return {
    code: 'type/undefined-field',
    span: segment.span,
    message: `${before} has no ${key.type.kind === 'string' ? 'field' : 'member'} \`${plain(key.text)}\``,
    help: isMemberOfArray(key.type, wanted) ? undefined : fieldHelp(close, names, wanted),
    ofUnknown: false,
  };
}

/** Fields that are listed in an advice before the rest is left out. */
const MAX_LISTED_FIELDS = 12;

function fieldHelp(
  close: string | undefined,
  names: readonly string[],
  wanted: Type | undefined,
): string | undefined {
  if (close !== undefined) return `did you mean \`${close}\`?`;
  if (names.length > 0) {
    const shown = names.slice(0, MAX_LISTED_FIELDS).map((name) => `\`${name}\``);
    return `it has ${shown.join(', ')}${names.length > MAX_LISTED_FIELDS ? ', …' : ''}`;
  }
  return keyHelp(wanted);
}

function keyHelp(wanted: Type | undefined): string | undefined {
  if (wanted?.kind === 'number') return 'it is an array: read its members with `some x in ...`';
  return wanted === undefined ? undefined : `its keys are: ${printType(wanted)}`;
}

/** A number beside the numbers there are: an index beyond the end. */
function isMemberOfArray(key: Type, wanted: Type | undefined): boolean {
  return key.kind === 'number' && wanted?.kind === 'number';
}

function unsupportedStep(
  walk: Walk,
  at: number,
  segment: LoweredSegment,
  type: Type | undefined,
): TypeFault {
  return {
    code: 'type/undefined-field',
    span: segment.span,
    message: `${walk.wording(walk.ref, at)} is ${nounOf(type)} and has no members`,
    help: undefined,
    ofUnknown: type === undefined,
  };
}
