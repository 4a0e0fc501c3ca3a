/**
 * `delegation:` and `break_glass:` of the configuration: how far people may let agents act for them, and who has a sealed code.
 */
import { type Static, Type } from 'typebox';
import type { BreakGlassEntry } from '../identity/break-glass.ts';
import { MAX_ACTORS } from '../identity/claims.ts';
import type { DelegationRules } from '../identity/exchange.ts';
import type { LocalIdentity } from '../identity/registry.ts';
import { closed, duration, text } from './schema-parts.ts';
import type { SettingsFault } from './settings.ts';
import { parseDuration } from './units.ts';

const LIFETIME = '1h';
const MAX_CONSENT = '30d';
const MAX_DEPTH = 3;

export const DelegationSchema = Type.Object(
  {
    lifetime: Type.Optional(
      duration('Life of a token that an agent exchanges.', LIFETIME, '1m', '24h'),
    ),
    max_consent: Type.Optional(
      duration('Longest time for which a person may let an agent act.', MAX_CONSENT, '1m', '366d'),
    ),
    max_depth: Type.Optional(
      Type.Integer({
        description: 'Agents in one chain.',
        minimum: 1,
        maximum: MAX_ACTORS,
        default: MAX_DEPTH,
      }),
    ),
  },
  { ...closed, description: 'Agents that act for people.' },
);

export const BreakGlassSchema = Type.Object(
  {
    subject: text('The identity of `identities:` that the code opens for.'),
    hash: Type.String({
      description: 'SHA-256 of the code, as `sallyport break-glass` prints it.',
      pattern: '^[0-9a-f]{64}$',
      form: '64 hexadecimal digits',
    }),
    lifetime: Type.Optional(duration('Life of the session it opens.', LIFETIME, '1m', '24h')),
  },
  closed,
);

/** The rules of a validated configuration. */
export function readDelegationSection(
  section: Static<typeof DelegationSchema> | undefined,
): DelegationRules {
  return {
    lifetimeMs: parseDuration(section?.lifetime ?? LIFETIME) ?? 0,
    maxConsentMs: parseDuration(section?.max_consent ?? MAX_CONSENT) ?? 0,
    maxDepth: section?.max_depth ?? MAX_DEPTH,
  };
}

/** The sealed codes of a validated configuration; a code for nobody is a fault. */
export function readBreakGlassSection(
  section: readonly Static<typeof BreakGlassSchema>[] | undefined,
  identities: readonly LocalIdentity[],
  faults: SettingsFault[],
): readonly BreakGlassEntry[] {
  return (section ?? []).flatMap((entry, index) => {
    const person = identities.find(({ subject }) => subject === entry.subject);
    if (person?.kind !== 'human') {
      faults.push({
        path: ['break_glass', index, 'subject'],
        message: `\`${entry.subject}\` is no person of \`identities:\``,
        help: 'a code opens for a person that the configuration names',
      });
      return [];
    }
    const lifetimeMs = parseDuration(entry.lifetime ?? LIFETIME) ?? 0;
    const { subject, name, groups } = person;
    return [{ subject, name, groups, hash: entry.hash, lifetimeMs }];
  });
}
