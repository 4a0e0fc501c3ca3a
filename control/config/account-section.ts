/**
 * `upstream_users` and `set_role` of a PostgreSQL resource: which account of the target an identity gets. Their shape, and the
 * rules as the data plane wants them.
 */
import { type Static, Type } from 'typebox';
import type { AccountRule, IdentityMatch, RoleRule, SecretRef } from '../../proxy/gate/ports.ts';
import { account, closed, credential, names, text } from './schema-parts.ts';
import { Secret } from './secret.ts';

/** Rules of one list. */
const MAX_RULES = 256;

const match = {
  subjects: Type.Optional(names('Who it is for, by subject.', [])),
  groups: Type.Optional(names('Who it is for, by group; everybody when neither is given.', [])),
  issuer: Type.Optional(
    text(
      'Only those whom this issuer vouches for: the `issuer` of a provider, or `tokens.issuer`.',
    ),
  ),
};

export const UpstreamUsersSchema = Type.Array(
  Type.Object(
    {
      ...match,
      user: account('Role to sign in as; `{subject}`, `{principal}`, `{email}` are filled in.'),
      password: Type.Optional(credential('Its password.')),
    },
    closed,
  ),
  {
    description: 'Accounts by identity instead of `user`: the first rule for it, or no access.',
    minItems: 1,
    maxItems: MAX_RULES,
  },
);

export const SetRoleSchema = Type.Array(
  Type.Object(
    { ...match, role: text('Role to take; `{subject}`, `{principal}`, `{email}` are filled in.') },
    closed,
  ),
  {
    description: 'Role by identity, kept for the session: the first rule for it, or no access.',
    minItems: 1,
    maxItems: MAX_RULES,
  },
);

/** The rules of a resource; `keep` stores a secret under its rule (`0`, `0/user`). */
export function readAccounts(
  resource: {
    readonly upstream_users?: Static<typeof UpstreamUsersSchema>;
    readonly set_role?: Static<typeof SetRoleSchema>;
  },
  keep: (rule: string, secret: Secret) => SecretRef,
): { readonly accounts?: readonly AccountRule[]; readonly roles?: readonly RoleRule[] } {
  const { upstream_users: users, set_role: roles } = resource;
  return {
    ...(users === undefined
      ? {}
      : {
          accounts: users.map(({ user, password, ...rule }, position) => ({
            ...readMatch(rule),
            ...readUser(user, (secret) => keep(`${position}/user`, secret)),
            password:
              password === undefined
                ? undefined
                : keep(`${position}`, password as unknown as Secret),
          })),
        }),
    ...(roles === undefined
      ? {}
      : {
          roles: roles.map(({ role, ...rule }) => ({ ...readMatch(rule), role })),
        }),
  };
}

function readMatch({
  subjects = [],
  groups = [],
  issuer,
}: Pick<Static<typeof SetRoleSchema>[number], 'subjects' | 'groups' | 'issuer'>): IdentityMatch {
  return { subjects, groups, ...(issuer === undefined ? {} : { issuer }) };
}

/** After `substitute` a name is text, or a `Secret` when it is fetched. */
function readUser(
  user: unknown,
  keep: (secret: Secret) => SecretRef,
): Pick<AccountRule, 'user' | 'userSecret'> {
  return user instanceof Secret ? { user: '', userSecret: keep(user) } : { user: String(user) };
}
