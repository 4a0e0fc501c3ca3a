/**
 * Whom the rules of `upstream_users` and `set_role` can mean: a subject that two issuers can name is no one person, and a rule for it
 * says which of them it is for.
 */
import type { LocalIdentity } from '../identity/registry.ts';
import type { SettingsFault } from './settings.ts';

export interface NamingSources {
  /** `iss` of the gateway's own tokens. */
  readonly own: string;
  readonly identities: readonly LocalIdentity[];
  readonly providers: readonly {
    readonly issuer: string;
    readonly mapping: { readonly prefix: string };
  }[];
}

interface Rule {
  readonly subjects?: readonly string[];
  readonly issuer?: string;
}

/** Lists the rules that name an issuer nobody knows, or a subject of more than one without saying which. */
export function checkAccountIssuers(
  resources: readonly {
    readonly upstream_users?: readonly Rule[];
    readonly set_role?: readonly Rule[];
  }[],
  sources: NamingSources,
  faults: SettingsFault[],
): void {
  const issuers = [sources.own, ...sources.providers.map(({ issuer }) => issuer)];
  for (const [index, resource] of resources.entries())
    for (const key of ['upstream_users', 'set_role'] as const)
      for (const [position, { subjects = [], issuer }] of (resource[key] ?? []).entries()) {
        const fault = (member: string, message: string, help: string): void =>
          void faults.push({ path: ['resources', index, key, position, member], message, help });
        if (issuer !== undefined && !issuers.includes(issuer))
          fault('issuer', `\`${issuer}\` is no issuer here`, `they are ${issuers.join(', ')}`);
        const ambiguous = subjects.find((subject) => issuersOf(subject, sources).length > 1);
        if (issuer === undefined && ambiguous !== undefined)
          fault(
            'subjects',
            `\`${ambiguous}\` can be somebody of ${issuersOf(ambiguous, sources).join(' or ')}`,
            'say whom you mean with `issuer` beside it',
          );
      }
}

/** The issuers that can name this subject. */
function issuersOf(subject: string, { own, identities, providers }: NamingSources): string[] {
  const prefixed = providers.filter(
    ({ mapping: { prefix } }) => prefix !== '' && subject.startsWith(prefix),
  );
  // A provider without a prefix is refused a subject that begins with another's.
  const named =
    prefixed.length > 0 ? prefixed : providers.filter(({ mapping }) => mapping.prefix === '');
  const isLocal = identities.some((identity) => identity.subject === subject);
  return [...(isLocal ? [own] : []), ...named.map(({ issuer }) => issuer)];
}
