/**
 * Answers by buttons at Slack: the signature says that Slack sent them, the member id who pressed, the configuration who that is;
 * the desk decides what the answer is worth. Slack's `response_url` is never called: it is an address that nobody configured.
 *
 * X-Slack-Signature: v0=HEX of HMAC-SHA256(signing secret, "v0:" timestamp ":" body)
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { ApprovalDesk } from '../approvals/desk-contract.ts';
import type { KnownPeople } from '../approvals/known-people.ts';
import type { ApprovalView } from '../approvals/view.ts';
import type { OnceStore } from '../identity/ports.ts';
import { escapeSlack, SLACK_ACTIONS } from './slack.ts';

/** Seconds by which the clock of Slack and ours may differ; what is older was kept by somebody. */
const MAX_AGE_SECONDS = 300;
const SIGNATURE = /^v0=([0-9a-f]{64})$/;

const PayloadSchema = Type.Object({
  type: Type.Literal('block_actions'),
  user: Type.Object({ id: Type.String({ maxLength: 64 }) }),
  actions: Type.Array(
    Type.Object({
      action_id: Type.String({ maxLength: 255 }),
      value: Type.String({ maxLength: 128 }),
    }),
    { minItems: 1, maxItems: 1 },
  ),
});

export interface SlackRequest {
  /** Name of the channel whose app sends it. */
  readonly channel: string;
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  /** As it came: the signature is over these bytes. */
  readonly body: string;
}

export interface SlackAnswers {
  answer(request: SlackRequest): Promise<ApprovalView | Refusal>;
}

export interface SlackAnswerOptions {
  /** Signing secrets by channel. */
  readonly secretOf: (channel: string) => string | undefined;
  readonly desk: Pick<ApprovalDesk, 'answer'>;
  readonly people: KnownPeople;
  readonly store: OnceStore;
  readonly nowMs: () => number;
  /** Says something in the channel; the member who pressed learns there why nothing happened. */
  readonly reply: (channel: string, text: string) => void;
}

export function createSlackAnswers(options: SlackAnswerOptions): SlackAnswers {
  const { desk, people, store, nowMs } = options;

  /** INVARIANT: nothing of the body is read before this has passed. */
  function isFromSlack({ channel, signature, timestamp, body }: SlackRequest): boolean {
    const secret = options.secretOf(channel);
    const hex = SIGNATURE.exec(signature ?? '')?.[1];
    if (secret === undefined || hex === undefined || !/^\d{1,12}$/.test(timestamp ?? ''))
      return false;
    if (Math.abs(nowMs() / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) return false;
    const expected = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest();
    return timingSafeEqual(Buffer.from(hex, 'hex'), expected);
  }

  return {
    async answer(request) {
      if (!isFromSlack(request))
        return refuse('unauthenticated', 'slack/signature', 'this did not come from Slack');
      const pressed = readPayload(request.body);
      if (pressed === undefined)
        return refuse('unsupported', 'slack/payload', 'this is not an answer to a request');
      const { member, id, answer } = pressed;
      const refused = (refusal: Refusal): Refusal => {
        const hint = refusal.hint === undefined ? '' : ` ${refusal.hint}`;
        options.reply(
          request.channel,
          `<@${escapeSlack(member)}>: ${escapeSlack(`${refusal.message}.${hint}`)}`,
        );
        return refusal;
      };
      const person = people.findBySlack(member);
      if (person === undefined)
        return refused(
          refuse('unauthenticated', 'slack/unknown-member', 'nobody here is known by this member', {
            hint: 'The operator names members in `notifications.people`.',
          }),
        );
      const atMs = nowMs();
      const hash = createHash('sha256').update(request.body).digest('hex').slice(0, 32);
      const expiresAtMs = atMs + 2 * MAX_AGE_SECONDS * 1000;
      if (!(await store.useOnce(`slack:${hash}`, atMs, expiresAtMs)))
        return refuse('unauthenticated', 'slack/replayed', 'this answer came before');
      const approver = people.identityOf(person, {
        id: `slack:${member}`,
        atMs,
        expiresAtMs,
      });
      const outcome = await desk.answer(id, approver, answer, undefined, 'slack');
      return isRefusal(outcome) ? refused(outcome) : outcome;
    },
  };
}

interface Pressed {
  readonly member: string;
  readonly id: string;
  readonly answer: 'approve' | 'deny';
}

function readPayload(body: string): Pressed | undefined {
  const payload = parseJson(new URLSearchParams(body).get('payload') ?? '');
  if (!Value.Check(PayloadSchema, payload)) return undefined;
  const { user, actions }: Static<typeof PayloadSchema> = payload;
  const [action] = actions;
  if (action === undefined) return undefined;
  const answer =
    action.action_id === SLACK_ACTIONS.approve
      ? 'approve'
      : action.action_id === SLACK_ACTIONS.deny
        ? 'deny'
        : undefined;
  return answer === undefined ? undefined : { member: user.id, id: action.value, answer };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
