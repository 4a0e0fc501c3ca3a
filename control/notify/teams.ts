/**
 * Microsoft Teams: an Adaptive Card by an incoming webhook. It carries no link: a link is one person's, and everybody in the
 * channel sees a card.
 */
import type { ChannelSettings } from '../config/notifications-section.ts';
import type { Channel } from './channel.ts';
import { factsOf, headline, type Notice } from './notice.ts';
import { createJsonPost } from './post-json.ts';

type TeamsSettings = Extract<ChannelSettings, { type: 'teams' }>;

/** A card may have 28 KB altogether. */
const MAX_STATEMENT = 12_000;
const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

export function createTeamsChannel(settings: TeamsSettings): Channel {
  const post = createJsonPost(settings.url.reveal(), settings.ca);
  return {
    settings,
    isPersonal: false,
    send: (notice, _to, signal) => post.send(JSON.stringify(teamsMessage(notice)), {}, signal),
    close: post.close,
  };
}

/** The message of a notice. */
export function teamsMessage(notice: Notice): object {
  const { approval, statement, event } = notice;
  const isOpen = event === 'asked' && approval.state === 'pending';
  const isCut = statement.text.length > MAX_STATEMENT;
  const shown = isCut
    ? `${statement.text.slice(0, MAX_STATEMENT).toWellFormed()}…`
    : statement.text;
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      text(headline(notice), { size: 'Large', weight: 'Bolder', style: 'heading' }),
      text(isOpen ? 'What will run' : 'What was asked', { weight: 'Bolder' }),
      {
        type: 'RichTextBlock',
        inlines: [{ type: 'TextRun', text: shown, fontType: 'Monospace' }],
      },
      ...(statement.isWhole && (approval.parameters ?? []).length > 0
        ? [text(`Values: ${JSON.stringify(approval.parameters)}`, { fontType: 'Monospace' })]
        : []),
      {
        type: 'FactSet',
        facts: factsOf(notice).map(([title, value]) => ({ title, value: plain(value) })),
      },
      ...(isOpen
        ? [
            text(`sallyport approve ${approval.id}   or   sallyport deny ${approval.id}`, {
              isSubtle: true,
            }),
          ]
        : []),
    ],
  };
  return {
    type: 'message',
    attachments: [{ contentType: CARD_TYPE, contentUrl: null, content }],
  };
}

function text(value: string, more: object): object {
  return { type: 'TextBlock', text: plain(value), wrap: true, ...more };
}

/** Text blocks and facts read some Markdown: links and emphasis of others are not to be made by a statement. */
function plain(value: string): string {
  return value.replace(/[\\`*_[\]()#>!|~-]/g, '\\$&');
}
