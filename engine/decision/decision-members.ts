/**
 * Members of `block`, `require_approval` and `mask` as a policy writes them, turned into what a decision carries. A member that
 * is not exactly what the contract says is a fault, in a sentence; it is never read leniently, and never skipped.
 */
import {
  type ApprovalDemand,
  type ApprovalScope,
  MASK_METHODS,
  type Mask,
  type MaskMethod,
  type Reason,
  type RuleLocation,
} from '../contract/decision.ts';
import { isArray, isObject, isSet } from '../value/compare.ts';
import { isNumber, toSafeInteger } from '../value/number.ts';
import type { RegoObject } from '../value/object.ts';
import { termText } from '../value/text.ts';
import type { Value } from '../value/value.ts';

/** What a demand means that leaves the member out. */
const DEFAULT_QUORUM = 1;
const DEFAULT_EXPIRES = '30m';
const DEFAULT_SCOPE: ApprovalScope = 'statement';
/** More people than any approval needs: a larger quorum is a mistake. */
const MAX_QUORUM = 100;
/** Longest time a request or grant may last: 90 days. */
const MAX_EXPIRES_MS = 90 * 24 * 3_600_000;
/** Characters of a malformed member that are shown. */
const SHOWN_LENGTH = 120;

/** What an approval can cover. */
export const APPROVAL_SCOPES: readonly ApprovalScope[] = ['statement', 'session', 'duration'];
/** What a mask can say its place with; exactly one of them. */
export const MASK_SELECTORS = ['column', 'field', 'detector', 'header'] as const;
/** Fields of the members of the decision documents that are sets. */
export const MEMBER_FIELDS = {
  block: ['code', 'reason'],
  require_approval: ['code', 'reason', 'approvers', 'quorum', 'expires', 'scope'],
  mask: ['code', 'with', ...MASK_SELECTORS],
} as const;
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A member read, or a sentence that says what is wrong with it. */
export type Reading<Member> =
  | { readonly ok: true; readonly member: Member }
  | { readonly ok: false; readonly fault: string };

/** A member of `block`: `{code, reason}` or a text. */
export function readBlock(value: Value, rule: RuleLocation): Reading<Reason> {
  if (typeof value === 'string') return good({ code: 'blocked', reason: value, rule });
  return readObject(value, MEMBER_FIELDS.block, (object) => {
    const code = text(object, 'code');
    const reason = text(object, 'reason');
    return { code, reason, rule };
  });
}

/** A member of `require_approval`. */
export function readApproval(value: Value, rule: RuleLocation): Reading<ApprovalDemand> {
  return readObject(value, MEMBER_FIELDS.require_approval, (object) => ({
    code: text(object, 'code'),
    reason: text(object, 'reason'),
    approvers: readApprovers(object.get('approvers')),
    quorum: readQuorum(object.get('quorum')),
    expiresMs: readDuration(object.get('expires') ?? DEFAULT_EXPIRES),
    scope: readScope(object.get('scope')),
    rule,
  }));
}

/** A member of `mask`: exactly one selector. */
export function readMask(value: Value, rule: RuleLocation): Reading<Mask> {
  return readObject(value, MEMBER_FIELDS.mask, (object) => {
    const method = text(object, 'with');
    if (!isMaskMethod(method)) {
      throw new MemberFault(`\`with\` must be one of ${MASK_METHODS.join(', ')}`);
    }
    const [selector, ...more] = MASK_SELECTORS.filter((name) => object.get(name) !== undefined);
    if (selector === undefined || more.length > 0) {
      throw new MemberFault(`exactly one of ${MASK_SELECTORS.join(', ')} must be given`);
    }
    const place = text(object, selector);
    const selected = selector === 'header' ? place.toLowerCase() : place;
    return { code: text(object, 'code'), with: method, [selector]: selected, rule };
  });
}

/** Thrown by the readers of single fields, caught by `readObject`. */
class MemberFault extends Error {}

function readObject<Member>(
  value: Value,
  known: readonly string[],
  read: (object: RegoObject) => Member,
): Reading<Member> {
  try {
    if (!isObject(value)) throw new MemberFault('a member must be an object');
    const unknown = value.keys().find((key) => typeof key !== 'string' || !known.includes(key));
    if (unknown !== undefined) {
      throw new MemberFault(`there is no field ${termText(unknown)}, only ${known.join(', ')}`);
    }
    return good(read(value));
  } catch (error) {
    if (!(error instanceof MemberFault)) throw error;
    return { ok: false, fault: `${error.message} (${shorten(termText(value))})` };
  }
}

function good<Member>(member: Member): Reading<Member> {
  return { ok: true, member };
}

function shorten(shown: string): string {
  return shown.length <= SHOWN_LENGTH ? shown : `${shown.slice(0, SHOWN_LENGTH)}...`;
}

function text(object: RegoObject, name: string): string {
  const value = object.get(name);
  if (typeof value === 'string' && value !== '') return value;
  throw new MemberFault(`\`${name}\` must be a text that is not empty`);
}

function isMaskMethod(method: string): method is MaskMethod {
  return MASK_METHODS.some((known) => known === method);
}

function readApprovers(value: Value | undefined): ApprovalDemand['approvers'] {
  if (!isObject(value)) throw new MemberFault('`approvers` must be an object');
  const unknown = value.keys().find((key) => key !== 'groups' && key !== 'subjects');
  if (unknown !== undefined) {
    throw new MemberFault(
      `\`approvers\` has \`groups\` and \`subjects\`, not ${termText(unknown)}`,
    );
  }
  const groups = texts(value.get('groups'), 'groups');
  const subjects = texts(value.get('subjects'), 'subjects');
  if (groups.length + subjects.length === 0) throw new MemberFault('`approvers` names nobody');
  return { groups, subjects };
}

function texts(value: Value | undefined, name: string): readonly string[] {
  if (value === undefined) return [];
  const items = isArray(value) ? value : isSet(value) ? value.toSorted() : undefined;
  if (items?.every((item) => typeof item === 'string' && item !== '')) {
    return items.map(String);
  }
  throw new MemberFault(`\`approvers.${name}\` must be a list of texts`);
}

function readQuorum(value: Value | undefined): number {
  if (value === undefined) return DEFAULT_QUORUM;
  const quorum = isNumber(value) ? toSafeInteger(value) : undefined;
  if (quorum !== undefined && quorum >= 1 && quorum <= MAX_QUORUM) return quorum;
  throw new MemberFault(`\`quorum\` must be a whole number from 1 to ${MAX_QUORUM}`);
}

function readScope(value: Value | undefined): ApprovalScope {
  const scope = APPROVAL_SCOPES.find((known) => known === (value ?? DEFAULT_SCOPE));
  if (scope !== undefined) return scope;
  throw new MemberFault(`\`scope\` must be one of ${APPROVAL_SCOPES.join(', ')}`);
}

function readDuration(value: Value): number {
  const total = typeof value === 'string' ? durationMs(value) : undefined;
  if (total !== undefined) return total;
  throw new MemberFault('`expires` must be a duration such as "30m", of 90 days at most');
}

/** Milliseconds of `30m`, `1h30m`, `45s`: whole numbers with a unit (ms, s, m, h, d), 90 days at most; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+)(ms|[smhd])/g)];
  const covered = parts.map(([part]) => part).join('');
  const total = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN),
    0,
  );
  return covered === text && total > 0 && total <= MAX_EXPIRES_MS ? total : undefined;
}
