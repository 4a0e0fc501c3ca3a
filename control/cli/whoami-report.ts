/**
 * Who the bearer of a token is, for people to read.
 */
import type { WhoamiMessage } from '../api/routes/login.ts';
import { harmless } from './print.ts';

/** Prints a line for each thing there is to say. */
export function printWhoami(who: WhoamiMessage): void {
  const { identity, on_behalf_of: person, credential } = who;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['subject', `${identity.subject} (${identity.kind})`],
    ['name', identity.name],
    ['email', identity.email],
    ['issuer', identity.issuer],
    ['groups', identity.groups.join(', ') || 'none'],
    ['acts for', person?.subject],
    ['chain', who.actors.length === 0 ? undefined : who.actors.join(' > ')],
    ['second factor', who.mfa ? 'yes' : 'no'],
    ['credential', `${credential.id} (${credential.type}${credential.bound ? ', bound' : ''})`],
    ['session', credential.session],
    ['expires', credential.expires_at],
  ];
  for (const [label, value] of lines)
    if (value !== undefined) console.log(`  ${label.padEnd(15)}${harmless(value)}`);
}
