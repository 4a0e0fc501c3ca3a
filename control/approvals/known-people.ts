/**
 * People whom the configuration names, for the ways to answer that bring no token along: a signed link, a button. Who such a
 * person is comes from the configuration of the moment, never from the message. No second factor stands behind these ways.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { NotifiedPerson } from '../config/notifications-section.ts';
import type { LocalIdentity } from '../identity/registry.ts';

export interface KnownPerson {
  readonly subject: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly groups: readonly string[];
  /** Member id at Slack. */
  readonly slack: string | undefined;
}

export interface KnownPeople {
  readonly all: readonly KnownPerson[];
  find(subject: string): KnownPerson | undefined;
  findBySlack(member: string): KnownPerson | undefined;
  /** Who answers, as the desk judges it. `credential` names the link or button in records. */
  identityOf(
    person: KnownPerson,
    credential: { readonly id: string; readonly atMs: number; readonly expiresAtMs: number },
  ): IdentityInput;
}

export function createKnownPeople(
  identities: readonly LocalIdentity[],
  notified: readonly NotifiedPerson[],
  issuer: string,
): KnownPeople {
  const told = new Map(notified.map((person) => [person.subject, person]));
  const local = identities.filter(({ kind }) => kind === 'human');
  const isLocal = new Set(identities.map(({ subject }) => subject));
  const all: readonly KnownPerson[] = [
    ...local.map(({ subject, name, email, groups }): KnownPerson => {
      const more = told.get(subject);
      return { subject, name, email: more?.email ?? email, groups, slack: more?.slack };
    }),
    ...notified
      .filter(({ subject }) => !isLocal.has(subject))
      .map(({ subject, name, email, groups, slack }): KnownPerson => {
        return { subject, name: name ?? subject, email, groups, slack };
      }),
  ];
  const bySubject = new Map(all.map((person) => [person.subject, person]));
  const bySlack = new Map(
    all.flatMap((person) => (person.slack === undefined ? [] : [[person.slack, person]])),
  );
  return {
    all,
    find: (subject) => bySubject.get(subject),
    findBySlack: (member) => bySlack.get(member),
    identityOf: ({ subject, name, email, groups }, credential) => ({
      subject,
      name,
      ...(email === undefined ? {} : { email }),
      kind: 'human',
      groups,
      scopes: [],
      claims: {},
      issuer,
      credential: {
        id: credential.id,
        type: 'session',
        issued_at: new Date(credential.atMs).toISOString(),
        expires_at: new Date(credential.expiresAtMs).toISOString(),
        bound: false,
      },
      mfa: false,
      actors: [],
    }),
  };
}
