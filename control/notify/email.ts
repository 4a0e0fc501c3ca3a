/**
 * E-mail by nodemailer: one message for each approver, with a link of their own. Nothing of a request is used as an address, a
 * header's name or a file.
 */
import { readFileSync } from 'node:fs';
import type { Transporter } from 'nodemailer';
import type { KnownPerson } from '../approvals/known-people.ts';
import type { ChannelSettings } from '../config/notifications-section.ts';
import { type Channel, DeliveryFailure } from './channel.ts';
import { factsOf, headline, type Notice } from './notice.ts';

type EmailSettings = Extract<ChannelSettings, { type: 'email' }>;

/** Milliseconds: until the server greets, and between two of its lines. */
const CONNECT_TIMEOUT_MS = 5_000;
const SOCKET_TIMEOUT_MS = 10_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 587 };
const MAX_CONNECTIONS = 2;
/** UTF-16 units of a statement in a message. */
const MAX_STATEMENT = 64 * 1024;

export function createEmailChannel(settings: EmailSettings): Channel {
  let transport: Promise<Transporter> | undefined;
  return {
    settings,
    isPersonal: true,
    async send(notice, to, signal) {
      if (to?.email === undefined)
        throw new DeliveryFailure('this person has no address', { isFinal: true });
      transport ??= openTransport(settings);
      const mailer = await transport;
      if (signal.aborted) throw new DeliveryFailure('the gateway is stopping');
      try {
        await mailer.sendMail({
          from: settings.from,
          // As an object, so that no name can add a second address.
          to: { name: to.name, address: to.email },
          subject: headline(notice),
          text: textOf(notice, to),
          messageId: `<${notice.id}@sallyport.invalid>`,
          headers: { 'auto-submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (cause) {
        throw failureOf(cause);
      }
    },
    close() {
      void transport?.then((mailer) => mailer.close()).catch(() => undefined);
    },
  };
}

/** Loaded when the first mail is sent: most gateways send none. */
async function openTransport(settings: EmailSettings): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const url = new URL(settings.url.reveal());
  const isSecure = url.protocol === 'smtps:';
  const ca = settings.ca === undefined ? {} : { ca: readFileSync(settings.ca, 'utf8') };
  return createTransport({
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port),
    secure: isSecure,
    requireTLS: !isSecure && settings.isEncrypted,
    ignoreTLS: !isSecure && !settings.isEncrypted,
    ...(url.username === ''
      ? {}
      : {
          auth: {
            user: decodeURIComponent(url.username),
            pass: decodeURIComponent(url.password),
          },
        }),
    tls: { minVersion: 'TLSv1.2', ...ca },
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    logger: false,
  });
}

/** The text of the message. There is no HTML part: nothing is hidden behind a word, and every client shows the same. */
export function textOf(notice: Notice, to: KnownPerson): string {
  const { approval, statement, event } = notice;
  const isOpen = event === 'asked' && approval.state === 'pending';
  const link = notice.links.find(({ subject }) => subject === to.subject);
  const isCut = statement.text.length > MAX_STATEMENT;
  const parameters = statement.isWhole ? (approval.parameters ?? []) : [];
  const lines = [
    headline(notice),
    '',
    isOpen ? 'What will run:' : 'What was asked:',
    ...statement.text
      .slice(0, MAX_STATEMENT)
      .split('\n')
      .map((line) => `    ${line}`),
    ...(isCut ? ['    … it is longer than this message can show'] : []),
    ...parameters.map((value, at) => `    value ${at + 1}: ${JSON.stringify(value)}`),
    '',
    ...factsOf(notice).map(([term, text]) => `${term}: ${text}`),
    '',
    ...(isOpen && link !== undefined
      ? [
          'Open this to see everything and to answer. It is yours alone, works once, and opening it answers nothing:',
          link.url,
          '',
        ]
      : []),
    ...(isOpen ? [`Or: sallyport approve ${approval.id}    sallyport deny ${approval.id}`] : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** 5yz is the server's "never", everything else may pass. The text may hold the address and is not kept. */
function failureOf(cause: unknown): DeliveryFailure {
  const { responseCode, code } = (cause ?? {}) as {
    readonly responseCode?: unknown;
    readonly code?: unknown;
  };
  const isRefused = typeof responseCode === 'number';
  return new DeliveryFailure(
    isRefused ? `SMTP ${responseCode}` : `no mail server (${String(code ?? 'unknown')})`,
    { isFinal: isRefused && responseCode >= 500 && code !== 'EAUTH', cause },
  );
}
