/**
 * A channel for each entry of the configuration.
 */
import type { ChannelSettings } from '../config/notifications-section.ts';
import type { Channel } from './channel.ts';
import { createEmailChannel } from './email.ts';
import { createSlackChannel } from './slack.ts';
import { createTeamsChannel } from './teams.ts';
import { createWebhookChannel } from './webhook.ts';

export function openChannel(settings: ChannelSettings, nowMs: () => number): Channel {
  switch (settings.type) {
    case 'webhook':
      return createWebhookChannel(settings, nowMs);
    case 'slack':
      return createSlackChannel(settings);
    case 'teams':
      return createTeamsChannel(settings);
    case 'email':
      return createEmailChannel(settings);
  }
}
