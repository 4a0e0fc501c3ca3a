/**
 * `approvals:` of the configuration: who may answer besides the policy's own list.
 */
import { type Static, Type } from 'typebox';
import { closed, names, text } from './schema-parts.ts';
import { DURATION_PATTERN, parseDuration } from './units.ts';

const toggle = (description: string, fallback: boolean) =>
  Type.Optional(Type.Boolean({ description, default: fallback }));

export const ApprovalsSchema = Type.Object(
  {
    separation: Type.Optional(
      Type.Object(
        {
          actor_chain: toggle('Nobody answers for an agent that acts for them.', true),
          agent_owner: toggle('Nobody answers for an agent or service they own.', true),
        },
        {
          ...closed,
          description: 'Who may not answer, besides the requester, who never may.',
        },
      ),
    ),
    second_factor: toggle('Only people who signed in with a second factor answer.', false),
    people: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: text('Name of the person.'),
            accounts: names('Subjects or e-mail addresses of their accounts.', []),
          },
          closed,
        ),
        {
          description: 'Accounts that are one person, where no address tells.',
          maxItems: 10_000,
          default: [],
        },
      ),
    ),
    groups: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: text('Name that policies ask for.'),
            subjects: Type.Optional(names('Who is in it.', [])),
            groups: Type.Optional(
              names('Whose members are in it, by the groups they sign in with.', []),
            ),
          },
          closed,
        ),
        {
          description: 'Groups of approvers; one that is not listed is the group of that name.',
          maxItems: 1000,
          default: [],
        },
      ),
    ),
    escalation: Type.Optional(
      Type.Object(
        {
          groups: names('Who may answer besides, once a request is escalated.', []),
          after: Type.Optional(
            Type.String({
              description: 'Time after which a request is escalated by itself. From 10s to 7d.',
              pattern: DURATION_PATTERN,
              form: 'a number with `s`, `m`, `h` or `d`, such as `15m`',
              bounds: { minimum: '10s', maximum: '7d' },
            }),
          ),
        },
        { ...closed, description: 'The people a request can be put before when nobody answers.' },
      ),
    ),
  },
  { ...closed, description: 'Who may say yes, and how they are reached.' },
);

/** A group of approvers made of subjects and of groups that identities bring along. */
export interface ApproverGroup {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly groups: readonly string[];
}

export interface ApprovalRules {
  /** Nobody answers for an agent that acts for them. */
  readonly separateChain: boolean;
  /** Nobody answers for an agent or service they own. */
  readonly separateOwner: boolean;
  /** Only identities that signed in with a second factor answer. */
  readonly requireMfa: boolean;
  readonly people: readonly { readonly name: string; readonly accounts: readonly string[] }[];
  readonly groups: readonly ApproverGroup[];
  /** Who may answer besides, once a request is escalated; nobody when empty. */
  readonly escalateTo: readonly string[];
  /** Escalates by itself after this many milliseconds. */
  readonly escalateAfterMs: number | undefined;
}

export interface ApprovalSettings {
  readonly rules: ApprovalRules;
}

export function readApprovalsSection(
  section: Static<typeof ApprovalsSchema> | undefined,
): ApprovalSettings {
  const { separation, escalation } = section ?? {};
  return {
    rules: {
      separateChain: separation?.actor_chain ?? true,
      separateOwner: separation?.agent_owner ?? true,
      requireMfa: section?.second_factor ?? false,
      people: section?.people ?? [],
      groups: (section?.groups ?? []).map(({ name, subjects = [], groups = [] }) => ({
        name,
        subjects,
        groups,
      })),
      escalateTo: escalation?.groups ?? [],
      escalateAfterMs:
        escalation?.after === undefined ? undefined : parseDuration(escalation.after),
    },
  };
}
