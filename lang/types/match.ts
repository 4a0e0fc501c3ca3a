/**
 * Matching terms with types: what a variable without a type gets one from, and whether the known parts of a term fit. The names follow
 * unification, which it foresees.
 */
import type { LoweredTerm } from '../check/lowered.ts';
import { areCompatible } from './compatible.ts';
import { constantKey } from './constant.ts';
import { isDocumentName, type TypeEnvironment } from './environment.ts';
import { itemAt, propertyAt, valuesOf } from './members.ts';
import { ANYTHING, type AnyType, isAnything, isUnknown, type Type, unionOf } from './type.ts';

/**
 * Does the term fit the type? Variables without a type get theirs; with `widen`, one that has a type gets the union, because
 * several members of a union type are tried.
 */
export function matchTerm(
  environment: TypeEnvironment,
  term: LoweredTerm,
  type: Type | undefined,
  widen = false,
): boolean {
  switch (term.kind) {
    case 'array':
      if (type?.kind === 'any')
        return matchAny(environment, term, type, () => {
          for (const item of term.items) matchTerm(environment, item, ANYTHING, true);
        });
      if (type?.kind !== 'array') return false;
      if (term.items.length !== type.items.length && type.rest === undefined) return false;
      return term.items.every((item, at) => matchTerm(environment, item, itemAt(type, at), widen));
    case 'object':
      if (type?.kind === 'any')
        return matchAny(environment, term, type, () => {
          for (const { key, value } of term.entries) {
            matchTerm(environment, key, ANYTHING, true);
            matchTerm(environment, value, ANYTHING, true);
          }
        });
      if (type?.kind !== 'object') return false;
      if (term.entries.length !== type.properties.size && type.dynamic?.value === undefined)
        return false;
      return term.entries.every(({ key, value }) => {
        const known = constantKey(key);
        if (known === undefined) {
          matchTerm(environment, value, ANYTHING, widen);
          return true;
        }
        const property = propertyAt(type, known);
        return property !== undefined && matchTerm(environment, value, property, widen);
      });
    case 'set':
      if (type?.kind === 'any')
        return matchAny(environment, term, type, () => {
          for (const item of term.items) matchTerm(environment, item, ANYTHING, true);
        });
      if (type?.kind !== 'set') return false;
      return term.items.every((item) => matchTerm(environment, item, valuesOf(type), widen));
    case 'var': {
      if (isDocumentName(term.name)) return areCompatible(environment.typeOf(term), type);
      const known = environment.typeOfVariable(term.name);
      if (widen) {
        const joined = unionOf(known, type);
        if (joined !== undefined) environment.setVariable(term.name, joined);
        return true;
      }
      if (known !== undefined) return areCompatible(known, type);
      if (type !== undefined) environment.setVariable(term.name, type);
      return true;
    }
    case 'ref':
    case 'comprehension':
      if (widen && term.kind === 'comprehension') environment.widenClosure(term, type);
      // Inside a composite OPA has put it in a variable, which takes the union like any other.
      return widen || areCompatible(environment.typeOf(term), type);
    default:
      return areCompatible(environment.typeOf(term), type);
  }
}

function matchAny(
  environment: TypeEnvironment,
  term: LoweredTerm,
  type: AnyType,
  matchMembers: () => void,
): boolean {
  if (isAnything(type)) {
    matchMembers();
    return true;
  }
  // Every member is tried, also after one fits: each adds to what the variables inside may be.
  return type.of.map((member) => matchTerm(environment, term, member, true)).includes(true);
}

/**
 * Can the two terms be equal? Variables without a type get one from the other side. A reference or comprehension `inside` a composite
 * counts as a variable, which it is by then for OPA: where its type is not known whole, the other side may be anything.
 */
export function matchTerms(
  environment: TypeEnvironment,
  a: LoweredTerm,
  b: LoweredTerm,
  inside = false,
): boolean {
  const typeOfA = environment.typeOf(a);
  const typeOfB = environment.typeOf(b);
  const unknownA = isUnknown(typeOfA);
  const unknownB = isUnknown(typeOfB);
  if (unknownA && !unknownB) return matchTerm(environment, a, typeOfB);
  if (unknownB && !unknownA) return matchTerm(environment, b, typeOfA);
  if (!unknownA && !unknownB) return areCompatible(typeOfA, typeOfB);
  if (inside && isHoisted(b)) return matchUntyped(environment, a, b);
  if (inside && isHoisted(a)) return matchUntyped(environment, b, a);
  if (a.kind === 'array') return matchArray(environment, a, b);
  if (a.kind === 'object') return matchObject(environment, a, b);
  if (a.kind === 'var') {
    if (b.kind === 'var') return matchUntyped(environment, a, b);
    if (b.kind === 'array') return matchArray(environment, b, a);
    if (b.kind === 'object') return matchObject(environment, b, a);
  }
  if (a.kind === 'var' && typeOfA === undefined && typeOfB !== undefined)
    return matchTerm(environment, a, typeOfB);
  if (b.kind === 'var' && typeOfB === undefined && typeOfA !== undefined)
    return matchTerm(environment, b, typeOfA);
  return false;
}

function isHoisted(term: LoweredTerm): boolean {
  return term.kind === 'comprehension' || term.kind === 'ref';
}

function matchUntyped(environment: TypeEnvironment, a: LoweredTerm, b: LoweredTerm): boolean {
  return matchTerm(environment, a, ANYTHING) && matchTerm(environment, b, environment.typeOf(a));
}

function matchArray(
  environment: TypeEnvironment,
  a: Extract<LoweredTerm, { kind: 'array' }>,
  b: LoweredTerm,
): boolean {
  if (b.kind === 'var') return matchUntyped(environment, a, b);
  return (
    b.kind === 'array' &&
    a.items.length === b.items.length &&
    a.items.every((item, at) => {
      const other = b.items[at];
      return other !== undefined && matchTerms(environment, item, other, true);
    })
  );
}

function matchObject(
  environment: TypeEnvironment,
  a: Extract<LoweredTerm, { kind: 'object' }>,
  b: LoweredTerm,
): boolean {
  if (b.kind === 'var') return matchUntyped(environment, a, b);
  if (b.kind !== 'object' || a.entries.length !== b.entries.length) return false;
  return a.entries.every(({ key, value }) => {
    const text = keyText(key);
    const other = b.entries.find((entry) => keyText(entry.key) === text);
    return other !== undefined && matchTerms(environment, value, other.value, true);
  });
}

/** Tells two keys of object patterns apart: constants by value, variables by name. */
function keyText(key: LoweredTerm): string | undefined {
  return key.kind === 'var' ? `$${key.name}` : constantKey(key)?.text;
}
