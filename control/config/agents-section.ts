/**
 * `agents:` of the configuration: the registry of agents, each with somebody who answers for it, what it is for, what it may reach
 * and when that ends. An agent is an identity like others, with these bounds.
 */
import { type Static, Type } from 'typebox';
import type { LocalIdentity } from '../identity/registry.ts';
import { closed, names, text } from './schema-parts.ts';
import type { SettingsFault } from './settings.ts';

export const AgentSchema = Type.Object(
  {
    subject: Type.String({
      description: 'Who it is, with the prefix of its issuer where it signs in with one.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._@:/+-]{0,254}$',
      form: 'letters, digits and `.`, `_`, `@`, `:`, `/`, `+`, `-`',
    }),
    name: Type.Optional(text('Name for people; the subject when left out.')),
    owner: text('Subject of the person who answers for it.'),
    purpose: text('What it is for, in a sentence.'),
    resources: names('Resources it may reach, whoever it acts for.', []),
    expires: Type.String({
      description: 'Last day on which it is accepted, UTC: `2027-06-30`.',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
      form: 'a day, such as `2027-06-30`',
    }),
    groups: Type.Optional(names('Groups it belongs to.', [])),
    acts_for: Type.Optional(names('Subjects it may act for, besides its owner.', [])),
    acts_for_groups: Type.Optional(names('Groups whose members it may act for.', [])),
    client_id: Type.Optional(text('What it is called at its issuer (`azp`, `client_id`).')),
  },
  closed,
);

const DAY_MS = 86_400_000;

/** The agents of a validated configuration; faults are listed. */
export function readAgentsSection(
  section: readonly Static<typeof AgentSchema>[] | undefined,
  resources: readonly string[],
  faults: SettingsFault[],
): readonly LocalIdentity[] {
  return (section ?? []).map((agent, index) => {
    const fault = (key: string, message: string, help: string): void =>
      void faults.push({ path: ['agents', index, key], message, help });
    const lastDayMs = Date.parse(agent.expires);
    if (Number.isNaN(lastDayMs))
      fault('expires', `\`${agent.expires}\` is no day`, 'write `2027-06-30`');
    const unknown = agent.resources.find((resource) => !resources.includes(resource));
    if (unknown !== undefined)
      fault(
        'resources',
        `no resource is called \`${unknown}\``,
        'resources stand under `resources:`',
      );
    return {
      subject: agent.subject,
      name: agent.name ?? agent.subject,
      email: undefined,
      kind: 'agent',
      groups: agent.groups ?? [],
      owner: agent.owner,
      actsFor: agent.acts_for ?? [],
      agent: {
        purpose: agent.purpose,
        resources: agent.resources,
        expiresAtMs: lastDayMs + DAY_MS,
        actsForGroups: agent.acts_for_groups ?? [],
        clientId: agent.client_id,
      },
    };
  });
}
