/**
 * From the claims of a provider to a party of our own: who it is here, what it is, which groups it has. The rules for subjects and
 * claims are part of it: what they do not let in is refused. It verifies nothing; signatures are checked before.
 */
import { type Refusal, refuse } from '../../../proxy/gate/refusal.ts';
import type { PartyClaims } from '../claims.ts';
import type { IdentityRegistry } from '../registry.ts';
import type { Mapping } from './provider.ts';

const MAX_SUBJECT_LENGTH = 255;
const MAX_TEXT_LENGTH = 256;
const MAX_GROUPS = 256;
/** Characters of the claims that are kept for policies, as JSON. */
const MAX_KEPT_LENGTH = 4_096;
/** Printable, no space at either end, nothing that could pass for another character of a log line. */
const SUBJECT = /^[\p{L}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{N}\p{P}\p{S}]+)*$/u;

export interface MappedIdentity {
  readonly party: PartyClaims;
  readonly mfa: boolean;
  readonly scopes: readonly string[];
  readonly ext: Readonly<Record<string, unknown>>;
}

export interface MappingContext {
  readonly idp: string;
  readonly registry: IdentityRegistry;
  /** Prefixes of the other providers: a subject that begins with one speaks for somebody else. */
  readonly otherPrefixes: readonly string[];
}

type Claims = Readonly<Record<string, unknown>>;

/** The identity that these claims stand for, or why they stand for none. */
export function mapClaims(
  claims: Claims,
  mapping: Mapping,
  context: MappingContext,
): MappedIdentity | Refusal {
  const own = claims[mapping.subject];
  if (typeof own !== 'string' || own.length > MAX_SUBJECT_LENGTH || !SUBJECT.test(own))
    return unmapped('identity/no-subject', `the token has no usable \`${mapping.subject}\``);
  if (mapping.subjects.length > 0 && !mapping.subjects.some((pattern) => matches(pattern, own)))
    return unmapped(
      'identity/subject-not-allowed',
      'the subject is none that this provider may name',
    );
  for (const [claim, pattern] of mapping.require) {
    const value = claims[claim];
    if (typeof value !== 'string' || !matches(pattern, value))
      return unmapped(
        'identity/claim-not-allowed',
        `the claim \`${claim}\` is not what is required`,
      );
  }
  if (isLetInByEmail(mapping) && claims['email_verified'] !== true)
    return unmapped(
      'identity/unverified-email',
      'the provider does not vouch for the address that says who it is',
    );
  const subject = `${mapping.prefix}${own}`;
  if (context.otherPrefixes.some((prefix) => prefix !== '' && subject.startsWith(prefix)))
    return unmapped('identity/ambiguous-subject', 'the subject reads as one of another provider');
  const known = context.registry.get(subject);
  const kind = known?.agent === undefined ? mapping.kind : 'agent';
  if (known !== undefined && known.kind !== kind)
    return unmapped(
      'identity/ambiguous-subject',
      `${subject} is something else in the configuration`,
    );
  const groups = mapGroups(claims, mapping);
  if (groups === undefined)
    return unmapped('identity/groups', 'the groups of the token cannot be taken over');
  const email = claims[mapping.email];
  return {
    party: {
      idp: context.idp,
      sub: subject,
      name: textOf(claims[mapping.name]) ?? known?.name ?? subject,
      ...(isVerifiedEmail(email, claims) ? { email } : {}),
      kind,
      groups: known?.agent === undefined ? groups : known.groups,
      ...(known?.owner === undefined ? {} : { owner: known.owner }),
    },
    mfa: asList(claims['amr']).some((method) => mapping.mfa.includes(method)),
    scopes: typeof claims['scope'] === 'string' ? claims['scope'].split(' ').slice(0, 64) : [],
    ext: keepClaims(claims, mapping),
  };
}

/** `*` stands for any run of characters, nothing else is special. */
export function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(last) && text.length - last.length >= at;
}

/** At many providers anybody may write any address into their own account. */
function isLetInByEmail({ subject, email, require }: Mapping): boolean {
  return [email, 'email'].some((claim) => subject === claim || require.has(claim));
}

/** An address the provider itself does not vouch for is nobody's: approvals compare people by it. */
function isVerifiedEmail(email: unknown, claims: Claims): email is string {
  return (
    typeof email === 'string' &&
    email !== '' &&
    email.length <= MAX_TEXT_LENGTH &&
    claims['email_verified'] !== false
  );
}

/** Undefined when there are more than can be right: dropping some could drop the one that bars. */
function mapGroups(claims: Claims, mapping: Mapping): readonly string[] | undefined {
  const theirs = mapping.groups === undefined ? [] : asList(claims[mapping.groups]);
  if (theirs.length > MAX_GROUPS || theirs.some((group) => group.length > MAX_TEXT_LENGTH))
    return undefined;
  const { groupMap } = mapping;
  const ours =
    groupMap === undefined ? theirs : theirs.flatMap((group) => groupMap.get(group) ?? []);
  return [...new Set([...ours, ...mapping.giveGroups])];
}

function asList(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH
    ? value
    : undefined;
}

function keepClaims(claims: Claims, mapping: Mapping): Readonly<Record<string, unknown>> {
  const kept = Object.fromEntries(
    mapping.keep.flatMap((name) => (name in claims ? [[name, claims[name]]] : [])),
  );
  return JSON.stringify(kept).length <= MAX_KEPT_LENGTH ? kept : {};
}

function unmapped(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
