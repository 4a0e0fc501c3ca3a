/**
 * Which accounts are one person. An account is known by its subject, its address and the person that the configuration or a claim
 * names for it; two accounts that share any of these are one person, whatever issuer vouches for them. Too few people are the
 * safe mistake: then one more is asked.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';

/** A person and the accounts they hold: subjects or e-mail addresses. */
export interface PersonEntry {
  readonly name: string;
  readonly accounts: readonly string[];
}

export interface People {
  /** Everything this account is known by. */
  marksOf(identity: IdentityInput): readonly string[];
  /** The same for a subject of which nothing else is at hand. */
  marksOfSubject(subject: string): readonly string[];
}

/** Claim that names the person behind an account, where an issuer has one. */
const PERSON_CLAIM = 'person';

/** `emailOf` is the address that the configuration gives for a subject. */
export function createPeople(
  entries: readonly PersonEntry[],
  emailOf: (subject: string) => string | undefined,
): People {
  const named = new Map(
    entries.flatMap(({ name, accounts }) => accounts.map((account) => [plain(account), name])),
  );
  const marks = (
    subject: string,
    emails: readonly (string | undefined)[],
    person?: string,
  ): readonly string[] => {
    const addresses = emails.flatMap((email) => (email === undefined ? [] : [mailbox(email)]));
    const names = [subject, ...addresses].flatMap((account) => named.get(plain(account)) ?? []);
    return [
      ...new Set([
        `account ${plain(subject)}`,
        // A subject that is an address is known by that address too.
        ...(subject.includes('@') ? [`mail ${mailbox(subject)}`] : []),
        ...addresses.map((address) => `mail ${address}`),
        ...[...names, ...(person === undefined ? [] : [person])].map((each) => `person ${each}`),
      ]),
    ].sort();
  };
  return {
    marksOf({ subject, email, claims }) {
      const person = claims[PERSON_CLAIM];
      return marks(
        subject,
        [email, emailOf(subject)],
        typeof person === 'string' && person !== '' ? person : undefined,
      );
    },
    marksOfSubject: (subject) => marks(subject, [emailOf(subject)]),
  };
}

export function isSamePerson(one: readonly string[], other: readonly string[]): boolean {
  return one.some((mark) => other.includes(mark));
}

/** Marks as they are kept with an answer, and back. */
export function writeMarks(marks: readonly string[]): string {
  return JSON.stringify(marks);
}

/** What was kept by an earlier version is one mark. */
export function readMarks(text: string): readonly string[] {
  return text.startsWith('[') ? (JSON.parse(text) as string[]) : [text];
}

function plain(account: string): string {
  return account.normalize('NFC').toLowerCase();
}

/** `Dora+admin@Example.com` and `dora@example.com` reach one person. */
function mailbox(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return plain(address);
  return plain(`${address.slice(0, at).replace(/\+.*$/, '')}${address.slice(at)}`);
}
