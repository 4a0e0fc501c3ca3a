/**
 * Slack: Block Kit by an incoming webhook. Buttons come only with the whole statement: nobody says yes to what they did not see.
 * Their answers come back to `slack-answers.ts`.
 */
import type { ChannelSettings } from '../config/notifications-section.ts';
import type { Channel } from './channel.ts';
import { factsOf, headline, type Notice } from './notice.ts';
import { createJsonPost } from './post-json.ts';

type SlackSettings = Extract<ChannelSettings, { type: 'slack' }>;

/** Characters of a section's text at Slack are 3,000; what stands around the statement takes some. */
const MAX_STATEMENT = 2_800;
/** Characters of one field. */
const MAX_FIELD = 1_900;
/** Fields of one section. */
const MAX_FIELDS = 10;

/** What the buttons are called in what Slack sends back. */
export const SLACK_ACTIONS = { approve: 'sallyport.approve', deny: 'sallyport.deny' } as const;

export function createSlackChannel(settings: SlackSettings): Channel {
  const post = createJsonPost(settings.url.reveal(), settings.ca);
  return {
    settings,
    isPersonal: false,
    send: (notice, _to, signal) =>
      post.send(
        JSON.stringify(slackMessage(notice, settings.signingSecret !== undefined)),
        {},
        signal,
      ),
    say: (text, signal) => post.send(JSON.stringify({ text }), {}, signal),
    close: post.close,
  };
}

/** The message of a notice. */
export function slackMessage(notice: Notice, hasButtons: boolean): object {
  const { approval, statement, event } = notice;
  const title = headline(notice);
  const shown = escapeSlack(statement.text);
  // Three backquotes would end the block early: what is shown then differs from what runs.
  const isWhole =
    statement.isWhole && shown.length <= MAX_STATEMENT && !statement.text.includes('```');
  const parameters = isWhole ? (approval.parameters ?? []) : [];
  const values = escapeSlack(JSON.stringify(parameters));
  const fits = isWhole && values.length <= MAX_FIELD;
  const isOpen = event === 'asked' && approval.state === 'pending';
  return {
    text: title,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      section(
        `*What ${isOpen ? 'will run' : 'was asked'}*\n\`\`\`${cut(shown, MAX_STATEMENT)}\`\`\``,
      ),
      ...(parameters.length === 0
        ? []
        : [section(`*With these values*\n\`${cut(values, MAX_FIELD)}\``)]),
      {
        type: 'section',
        fields: factsOf(notice)
          .slice(0, MAX_FIELDS)
          .map(([term, text]) => ({
            type: 'mrkdwn',
            text: `*${term}*\n${cut(escapeSlack(text), MAX_FIELD)}`,
          })),
      },
      ...(isOpen ? [hasButtons && fits ? buttons(approval.id) : context(approval.id)] : []),
    ],
  };
}

function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

function buttons(id: string): object {
  const button = (text: string, action: string, style: string): object => ({
    type: 'button',
    text: { type: 'plain_text', text, emoji: false },
    action_id: action,
    value: id,
    style,
  });
  return {
    type: 'actions',
    block_id: `sallyport.${id}`,
    elements: [
      button('Approve', SLACK_ACTIONS.approve, 'primary'),
      button('Deny', SLACK_ACTIONS.deny, 'danger'),
    ],
  };
}

function context(id: string): object {
  const text = `Answer with \`sallyport approve ${id}\` or \`sallyport deny ${id}\`.`;
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] };
}

/** The three characters that mean something in Slack's text; a run of backquotes would end a code block. */
export function escapeSlack(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`{3,}/g, (run) => [...run].join('\u200b'));
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}
