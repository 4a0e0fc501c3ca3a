/**
 * The shape of `notifications:`: where requests for approval are told, and how approvers are reached.
 */
import { type Static, Type } from 'typebox';
import { closed, expandable, name, names, secret, text } from './schema-parts.ts';

/** Tries before a notice is put aside. */
export const DEFAULT_ATTEMPTS = 8;
const MAX_CHANNELS = 32;

const channelKeys = {
  name: name('What records and the command line call it.'),
  events: Type.Optional(
    Type.Array(Type.Union([Type.Literal('asked'), Type.Literal('settled')]), {
      description:
        'What is told: a request that waits (or was escalated), and what became of one; both when left out, for e-mail the first.',
      minItems: 1,
      uniqueItems: true,
    }),
  ),
  groups: Type.Optional(
    names('Only requests that are put before one of these groups; all when empty.', []),
  ),
  show: Type.Optional(
    Type.Union([Type.Literal('statement'), Type.Literal('shape')], {
      description: 'Tell the statement whole, or without the values in it.',
      default: 'statement',
    }),
  ),
  ca: Type.Optional(expandable('PEM file of the authority that signed its certificate.')),
};

export const WebhookChannelSchema = Type.Object(
  {
    ...channelKeys,
    type: Type.Literal('webhook'),
    url: secret('Where notices are posted; https, or http on this machine.'),
    secret: secret('Key of the signature (HMAC-SHA256).'),
    links: Type.Optional(
      Type.Boolean({
        description:
          'Give it the signed link of each approver; it must hand each to its person only.',
        default: false,
      }),
    ),
  },
  closed,
);

export const SlackChannelSchema = Type.Object(
  {
    ...channelKeys,
    type: Type.Literal('slack'),
    url: secret('Address of the incoming webhook.'),
    signing_secret: Type.Optional(
      secret('Signing secret of the app; without it there are no buttons.'),
    ),
  },
  closed,
);

export const TeamsChannelSchema = Type.Object(
  { ...channelKeys, type: Type.Literal('teams'), url: secret('Address of the incoming webhook.') },
  closed,
);

export const EmailChannelSchema = Type.Object(
  {
    ...channelKeys,
    type: Type.Literal('email'),
    url: secret('`smtps://user:password@host:465` or `smtp://host:587` of the mail server.'),
    from: text('Address of the sender.'),
    encryption: Type.Optional(
      Type.Union([Type.Literal('require'), Type.Literal('disable')], {
        description: 'STARTTLS with `smtp://`; `disable` only for a server on this machine.',
        default: 'require',
      }),
    ),
  },
  closed,
);

/** A channel as written. */
export type ChannelDocument =
  | Static<typeof WebhookChannelSchema>
  | Static<typeof SlackChannelSchema>
  | Static<typeof TeamsChannelSchema>
  | Static<typeof EmailChannelSchema>;

export const NotifiedPersonSchema = Type.Object(
  {
    subject: text('Who it is, as policies and records name it.'),
    name: Type.Optional(text('Name for people; the subject when left out.')),
    email: Type.Optional(text('Where mail reaches them; that of `identities:` when left out.')),
    slack: Type.Optional(
      Type.String({
        description: 'Member id at Slack, by which their buttons are known.',
        pattern: '^[UW][A-Z0-9]{2,31}$',
        form: 'a member id, such as `U024BE7LH`',
      }),
    ),
    groups: Type.Optional(
      names('Groups of somebody who is not in `identities:`, for links and buttons.', []),
    ),
  },
  closed,
);

export const NotificationsSchema = Type.Object(
  {
    channels: Type.Optional(
      Type.Array(
        Type.Unsafe<ChannelDocument>({
          type: 'object',
          description: 'One place where notices go.',
          required: ['type'],
          discriminator: { propertyName: 'type' },
          oneOf: [WebhookChannelSchema, SlackChannelSchema, TeamsChannelSchema, EmailChannelSchema],
        }),
        {
          description: 'Where requests for approval are told.',
          maxItems: MAX_CHANNELS,
          default: [],
        },
      ),
    ),
    people: Type.Optional(
      Type.Array(NotifiedPersonSchema, {
        description: 'How approvers are reached, and those who sign in with a provider.',
        maxItems: 10_000,
        default: [],
      }),
    ),
    attempts: Type.Optional(
      Type.Integer({
        description: 'Tries before a notice is put aside as a dead letter.',
        minimum: 1,
        maximum: 16,
        default: DEFAULT_ATTEMPTS,
      }),
    ),
  },
  { ...closed, description: 'How approvers learn that something waits.' },
);
