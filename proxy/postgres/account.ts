/**
 * The account of a target that an identity signs in with: the resource's own, or the first rule that is for this identity, and
 * the role it takes. Nobody for whom there is no rule gets another's. Pure; values of secrets are not seen here.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import { ProxyError } from '../error.ts';
import type { IdentityMatch, PostgresUpstream, SecretRef } from '../gate/ports.ts';

export interface Account {
  readonly user: string;
  /** Instead of `user`, where the name is fetched. */
  readonly userSecret: SecretRef | undefined;
  readonly password: SecretRef | undefined;
  /** The role that every statement of the session runs as; undefined for the user's own. */
  readonly role: string | undefined;
}

/** Bytes of an identifier in PostgreSQL (NAMEDATALEN - 1): a longer one is cut there, and two could become one. */
const MAX_IDENTIFIER_BYTES = 63;
/** Names that PostgreSQL keeps for itself, or that mean no role at all. */
const RESERVED = /^(?:pg_|(?:none|public|current_role|current_user|session_user)$)/i;

/** Chooses the account. Throws `target/no-account` when no rule is for this identity or the name it gives cannot be used. */
export function chooseAccount(upstream: PostgresUpstream, identity: IdentityInput): Account {
  const role = firstFor(upstream.roles, identity, 'role');
  const account = firstFor(upstream.accounts, identity, 'user') ?? upstream;
  return {
    user: fill(account.user, identity),
    userSecret: account.userSecret,
    password: account.password,
    role: role === undefined ? undefined : fill(role.role, identity),
  };
}

function firstFor<R extends IdentityMatch>(
  rules: readonly R[] | undefined,
  identity: IdentityInput,
  what: string,
): R | undefined {
  if (rules === undefined) return undefined;
  const found = rules.find((rule) => isFor(rule, identity));
  if (found !== undefined) return found;
  throw new ProxyError('target/no-account', `no ${what} of the target is meant for you`, {
    hint: 'Ask the operator to map you, or one of your groups, in the resource.',
  });
}

function isFor({ subjects, groups, issuer }: IdentityMatch, identity: IdentityInput): boolean {
  if (issuer !== undefined && identity.issuer !== issuer) return false;
  if (subjects.length + groups.length === 0) return true;
  return (
    subjects.includes(identity.subject) || identity.groups.some((group) => groups.includes(group))
  );
}

/** The text with its placeholders filled; what comes out of them is never a name of PostgreSQL's own. */
function fill(text: string, identity: IdentityInput): string {
  if (!text.includes('{')) return text;
  const values: Readonly<Record<string, string | undefined>> = {
    subject: identity.subject,
    principal: (identity.on_behalf_of ?? identity).subject,
    email: identity.email,
  };
  const name = text.replace(/\{(\w+)\}/g, (_whole, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined && value !== '') return value;
    throw new ProxyError('target/no-account', `the target account needs your ${key}`);
  });
  const isUsable =
    Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES &&
    !/\p{Cc}/u.test(name) &&
    !RESERVED.test(name);
  if (isUsable) return name;
  throw new ProxyError(
    'target/no-account',
    'your name cannot be used as the name of a target account',
    { hint: 'Ask the operator to map you by your subject or a group.' },
  );
}
