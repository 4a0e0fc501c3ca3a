/**
 * Webhooks: the request in the words of the API, signed. The signature covers the time, so that what was overheard cannot be sent
 * again later; a receiver refuses what is older than it likes.
 *
 * Sallyport-Signature: t=SECONDS,v1=HEX of HMAC-SHA256(secret, SECONDS "." body)
 */
import { createHmac } from 'node:crypto';
import type { ChannelSettings } from '../config/notifications-section.ts';
import type { Channel } from './channel.ts';
import { headline, type Notice } from './notice.ts';
import { createJsonPost } from './post-json.ts';

type WebhookSettings = Extract<ChannelSettings, { type: 'webhook' }>;

/** The value of the signature field. */
export function signWebhook(secret: string, body: string, seconds: number): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

export function createWebhookChannel(settings: WebhookSettings, nowMs: () => number): Channel {
  const post = createJsonPost(settings.url.reveal(), settings.ca);
  return {
    settings,
    isPersonal: false,
    async send(notice, _to, signal) {
      const body = JSON.stringify(messageOf(notice));
      const seconds = Math.floor(nowMs() / 1000);
      await post.send(
        body,
        {
          'sallyport-delivery': notice.id,
          'sallyport-event': `approval.${notice.event}`,
          'sallyport-signature': signWebhook(settings.secret.reveal(), body, seconds),
        },
        signal,
      );
    },
    close: post.close,
  };
}

function messageOf(notice: Notice): object {
  const { id, event, approval, statement, links } = notice;
  const { parameters, ...rest } = approval;
  return {
    id,
    event: `approval.${event}`,
    headline: headline(notice),
    approval: {
      ...rest,
      text: statement.text,
      cut: !statement.isWhole,
      // Values are left out together: those in the text and those beside it.
      ...(statement.isWhole && parameters !== undefined ? { parameters } : {}),
    },
    ...(links.length === 0 ? {} : { links }),
  };
}
