/**
 * `notifications:` of the configuration, read: the channels with their addresses checked, and the people behind links and buttons.
 */
import type { Static } from 'typebox';
import { isSafeUrl } from '../identity/providers/fetch-json.ts';
import {
  type ChannelDocument,
  DEFAULT_ATTEMPTS,
  type NotificationsSchema,
} from './notifications-schema.ts';
import type { Secret } from './secret.ts';
import type { SettingsFault } from './settings.ts';

export type NoticeEvent = 'asked' | 'settled';

interface ChannelBase {
  readonly name: string;
  readonly url: Secret;
  readonly events: readonly NoticeEvent[];
  readonly groups: readonly string[];
  /** False: the values of a statement are left out. */
  readonly showsStatement: boolean;
  /** PEM file. */
  readonly ca: string | undefined;
}

export type ChannelSettings =
  | (ChannelBase & {
      readonly type: 'webhook';
      readonly secret: Secret;
      readonly givesLinks: boolean;
    })
  | (ChannelBase & { readonly type: 'slack'; readonly signingSecret: Secret | undefined })
  | (ChannelBase & { readonly type: 'teams' })
  | (ChannelBase & {
      readonly type: 'email';
      readonly from: string;
      readonly isEncrypted: boolean;
    });

/** Somebody who is told, and is known by a link or button. */
export interface NotifiedPerson {
  readonly subject: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly slack: string | undefined;
  readonly groups: readonly string[];
}

export interface NotificationSettings {
  readonly channels: readonly ChannelSettings[];
  readonly people: readonly NotifiedPerson[];
  readonly attempts: number;
}

/** Reads the section after substitution: every `secret` string is a `Secret`. */
export function readNotificationsSection(
  section: Static<typeof NotificationsSchema> | undefined,
  at: (path: string) => string,
  faults: SettingsFault[],
): NotificationSettings {
  const channels = (section?.channels ?? []).map((channel, index) => {
    const settings = readChannel(channel, at);
    const fault = checkAddress(settings);
    if (fault !== undefined)
      faults.push({ path: ['notifications', 'channels', index, 'url'], ...fault });
    return settings;
  });
  refuseTwice(channels, ({ name: each }) => each, ['notifications', 'channels'], 'name', faults);
  const people = (section?.people ?? []).map((person) => ({
    subject: person.subject,
    name: person.name,
    email: person.email,
    slack: person.slack,
    groups: person.groups ?? [],
  }));
  const at_ = ['notifications', 'people'];
  refuseTwice(people, ({ subject }) => subject, at_, 'subject', faults);
  refuseTwice(people, ({ slack }) => slack, at_, 'slack', faults);
  return { channels, people, attempts: section?.attempts ?? DEFAULT_ATTEMPTS };
}

function readChannel(channel: ChannelDocument, at: (path: string) => string): ChannelSettings {
  const secretOf = (value: unknown): Secret => value as Secret;
  const isMail = channel.type === 'email';
  const base: ChannelBase = {
    name: channel.name,
    url: secretOf(channel.url),
    events: channel.events ?? (isMail ? ['asked'] : ['asked', 'settled']),
    groups: channel.groups ?? [],
    showsStatement: channel.show !== 'shape',
    ca: channel.ca === undefined ? undefined : at(channel.ca),
  };
  switch (channel.type) {
    case 'webhook':
      return {
        ...base,
        type: 'webhook',
        secret: secretOf(channel.secret),
        givesLinks: channel.links ?? false,
      };
    case 'slack':
      return {
        ...base,
        type: 'slack',
        signingSecret:
          channel.signing_secret === undefined ? undefined : secretOf(channel.signing_secret),
      };
    case 'teams':
      return { ...base, type: 'teams' };
    default:
      return {
        ...base,
        type: 'email',
        from: channel.from,
        isEncrypted: channel.encryption !== 'disable',
      };
  }
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The address itself is a secret: it is not told what it says. */
function checkAddress(
  channel: ChannelSettings,
): { readonly message: string; readonly help: string } | undefined {
  const address = channel.url.reveal();
  if (channel.type !== 'email')
    return isSafeUrl(address)
      ? undefined
      : {
          message: 'this is no address that notices can be sent to',
          help: 'write `https://host/path`; http only on this machine',
        };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    return { message: 'this is no mail server', help: 'write `smtps://user:password@host:465`' };
  return channel.isEncrypted || LOOPBACK.test(url.hostname)
    ? undefined
    : {
        message: 'mail would be sent over an open line',
        help: '`encryption: disable` is for a server on this machine',
      };
}

function refuseTwice<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string | undefined,
  path: readonly string[],
  last: string,
  faults: SettingsFault[],
): void {
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const key = keyOf(entry);
    if (key === undefined) continue;
    if (seen.has(key))
      faults.push({
        path: [...path, index, last],
        message: `\`${key}\` is used twice`,
        help: 'every name stands for one thing only',
      });
    seen.add(key);
  }
}
