/** Differences from OPA that are meant, each with its reason. Everything else that the fuzzer finds is a fault. */
import { type DifferenceKind, differenceOf, type OwnOutcome } from './compare-outcomes.ts';
import type { FuzzCase } from './generate-module.ts';
import { mentionedClosures } from './mentioned-closures.ts';
import type { OpaReference } from './opa-reference.ts';
import type { OpaOutcome } from './opa-server.ts';
import { canonicalJson, evaluateHere } from './own-engine.ts';
import { reorderedEntries, unitedEntries } from './reordered-entries.ts';
import { hasNumberInHead, respelledNumbers, wholeKeys } from './respelled-numbers.ts';
import {
  withBytesAsText,
  withComprehensionsFirst,
  withKeysInOrder,
  withNameAlone,
  withOutputsApart,
  withoutIndexes,
  withPlainTruth,
  withWholeBase,
} from './rewritten-cases.ts';

/** A difference that was found, with what it takes to judge it. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly example: FuzzCase;
  readonly own: OwnOutcome;
  readonly opa: OpaOutcome;
  readonly reference: OpaReference;
}

export interface KnownDifference {
  readonly id: string;
  readonly reason: string;
  covers(difference: Difference): boolean;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    id: 'error-hidden-by-index',
    reason:
      'a rule fails here where OPA does not evaluate it, because its index or early exit found that the result does not need it; without them OPA fails as well',
    covers: ({ kind, own, example, reference }) =>
      kind === 'failed-but-opa-has-a-value' &&
      own.kind === 'failed' &&
      own.codes.includes('eval_conflict_error') &&
      reference.evaluate(example) === undefined,
  },
  {
    id: 'number-spelling-in-heads',
    reason:
      'OPA keeps p[1] and p[1.0] as two rules, of whose values one is lost without a word, and does not find p[1] by p[1.0]; here they are one key, found by both, and conflict',
    covers: ({ kind, example, reference }) => {
      if (kind !== 'failed-but-opa-has-a-value' && kind !== 'another-value') return false;
      const other = respelledNumbers(example);
      return hasNumberInHead(example) && isGiven(evaluateHere(other), reference.evaluate(other));
    },
  },
  {
    id: 'unsafe-beside-closure',
    reason:
      'OPA forgets that a variable is unbound where a comprehension in the same statement reads another one, and answers with an internal error or nothing when it runs; here the policy is refused',
    covers: ({ kind, own, example, reference }) =>
      kind === 'rejected-but-opa-accepts' &&
      own.kind === 'rejected' &&
      own.text === '`unbound` has no value here' &&
      reference.check(withNameAlone(example, 'unbound')).includes('var unbound is unsafe'),
  },
  {
    id: 'refused-output-pattern',
    reason:
      'a call of a function with several definitions that takes a pattern for the result: OPA answers by which call comes first, and here it is refused',
    covers: ({ kind, own, example, reference }) => {
      if (kind !== 'rejected-but-opa-accepts' || own.kind !== 'rejected') return false;
      const other = withOutputsApart(example);
      return (
        own.codes.every((code) => code === 'refused/output-pattern') &&
        isGiven(evaluateHere(other), reference.evaluate(other))
      );
    },
  },
  {
    id: 'true-dropped',
    reason:
      'OPA takes a body that is `not true`, or `true` with replacements, alone for an empty one when it adds what the head needs, so the rule or comprehension holds; here it is evaluated',
    covers: ({ kind, opa, example }) =>
      (kind === 'another-value' || kind === 'rejected-but-opa-accepts') &&
      differenceOf(evaluateHere(withPlainTruth(example)), opa, canonicalJson) === undefined,
  },
  {
    id: 'mixed-number-keys',
    reason:
      'OPA orders number keys of object types inconsistently where some are plain integers and some are not, finds some of them no more, and refuses calls that take the object; here they are accepted',
    covers: ({ kind, example, opa, reference }) => {
      if (kind !== 'accepted-but-opa-rejects' || opa.kind !== 'rejected') return false;
      const whole = wholeKeys(example);
      // The case may have numbers in heads besides, which are a difference of their own.
      return (
        opa.codes.includes('rego_type_error') &&
        [whole, respelledNumbers(whole)].some((other) =>
          isGiven(evaluateHere(other), reference.evaluate(other)),
        )
      );
    },
  },
  {
    id: 'equal-evaluated-keys',
    reason:
      'of several evaluated keys of one object literal OPA takes the type, and where they turn out equal the value, of the one that comes last by the numbers it gave to its internal variables; here it is the last in the text',
    covers: ({ kind, own, example, opa }) =>
      (kind === 'another-value' ||
        kind === 'accepted-but-opa-rejects' ||
        (own.kind === 'rejected' && own.codes.every((code) => code === 'type/match'))) &&
      [...reorderedEntries(example), ...unitedEntries(example)].some(
        (other) => differenceOf(evaluateHere(other), opa, canonicalJson) === undefined,
      ),
  },
  {
    id: 'bytes-that-are-no-text',
    reason:
      'OPA keeps bytes that are not UTF-8 in a string, and writes the escape of U+FFFD for them where a composite becomes the key of an object; here they are that character from the start',
    covers: ({ kind, own, opa, example, reference }) =>
      kind === 'another-value' &&
      own.kind === 'value' &&
      opa.kind === 'value' &&
      own.json === canonicalJson(opa.json).replaceAll(/\\{2,}ufffd/g, '\ufffd') &&
      isGiven(own, reference.evaluate(withBytesAsText(example))),
  },
  {
    id: 'stale-comprehension',
    reason:
      'OPA keeps the results of a comprehension by the variables that its own body names, and takes them where a comprehension inside it reads another one that has changed; once that one is named OPA gives what is given here',
    covers: ({ kind, own, example, reference }) =>
      kind === 'another-value' &&
      own.kind === 'value' &&
      mentionedClosures(example).some((other) => isGiven(own, reference.evaluate(other))),
  },
  {
    id: 'evaluated-keys-in-no-order',
    reason:
      'OPA goes through an object literal with evaluated keys in the order of its internal variables; made by object.union it is in the order of the keys, as it always is here',
    covers: ({ kind, own, example, reference }) =>
      kind === 'another-value' &&
      own.kind === 'value' &&
      unitedEntries(example).some((other) => isGiven(own, reference.evaluate(other))),
  },
  {
    id: 'index-without-value',
    reason:
      'OPA fills the index of a comprehension without the variables it is asked by, and ends with an internal error where a call before the statement that would bind them needs one; without the index it gives what is given here',
    covers: ({ kind, own, opa, example, reference }) =>
      kind === 'value-but-opa-fails' &&
      opa.kind === 'failed' &&
      opa.codes.includes('eval_internal_error') &&
      isGiven(own, reference.evaluate(withoutIndexes(example))),
  },
  {
    id: 'every-before-binding',
    reason:
      'OPA looks at an `every` of a comprehension before the statement that binds one of its variables again, and gives up with an internal error, which is no answer; here the variable has its value',
    covers: ({ kind, own, opa, example }) =>
      kind === 'value-but-opa-fails' &&
      own.kind === 'value' &&
      opa.kind === 'failed' &&
      opa.codes.includes('eval_internal_error') &&
      opa.text.includes('that requires evaluation') &&
      example.modules.some((text) => /\|[^\n]*\bevery\b/.test(text)),
  },
  {
    id: 'replacement-merged',
    reason:
      'OPA merges an object that replaces a base document with what it replaces, where a document above it is read whole; replaced together with all that is above, and here always, it is gone',
    covers: ({ kind, own, example, reference }) =>
      kind === 'another-value' &&
      own.kind === 'value' &&
      isGiven(own, reference.evaluate(withWholeBase(example))),
  },
  {
    id: 'keys-kept-twice',
    reason:
      'OPA loses sight of a key when another one of the same hash (null, false, 0 and fractions below 1) is written again, and then keeps and prints it twice; here a key is there once',
    covers: ({ kind, own, opa, example, reference }) =>
      kind === 'another-value' &&
      own.kind === 'value' &&
      opa.kind === 'value' &&
      own.json ===
        canonicalJson(opa.json).replaceAll(
          /((?:null|false|-?0(?:\.\d+)?): [^,{}]+)(?:, \1)+/g,
          '$1',
        ) &&
      isGiven(own, reference.evaluate(withKeysInOrder(example))),
  },
  {
    id: 'comprehension-behind-reference',
    reason:
      'a comprehension conflicts in a statement with a reference behind it that is undefined: OPA looks at all references of the statement first and finds the body undefined; here both are looked at in their order',
    covers: ({ kind, own, example, reference }) =>
      kind === 'failed-but-opa-has-a-value' &&
      own.kind === 'failed' &&
      own.codes.includes('eval_conflict_error') &&
      reference.evaluate(withComprehensionsFirst(example)) === undefined,
  },
];

/** Is the outcome what OPA gives, which is nothing where it fails? */
function isGiven(own: OwnOutcome, json: string | undefined): boolean {
  if (own.kind !== 'value') return json === undefined;
  return json !== undefined && own.json === canonicalJson(json);
}
