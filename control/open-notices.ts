/**
 * Puts together how people are told of requests and how they answer without a token: channels, signed links, buttons.
 */
import type { NoticePorts } from './api/ports.ts';
import { createAnswerLinks } from './approvals/answer-links.ts';
import type { ApprovalDesk } from './approvals/desk-contract.ts';
import { createKnownPeople, type KnownPeople, type KnownPerson } from './approvals/known-people.ts';
import type { Settings } from './config/settings.ts';
import { newId } from './identifier.ts';
import { isSafeUrl } from './identity/providers/fetch-json.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { openLinkKey } from './notify/link-key.ts';
import { createNotifier } from './notify/notifier.ts';
import { openChannel } from './notify/open-channel.ts';
import { createSlackAnswers } from './notify/slack-answers.ts';
import type { StoredApproval } from './store/approvals/approval-store.ts';
import type { Store } from './store/store.ts';

export interface NoticeParts {
  readonly store: Store;
  readonly desk: ApprovalDesk;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'noticeDone'>;
  /** Where people reach the HTTP API, without a slash at the end; known once it listens. */
  readonly apiUrl: () => string;
}

export function openNotices(settings: Settings, parts: NoticeParts): NoticePorts {
  const { store, desk, log, metrics } = parts;
  const { channels: configured, people: notified, attempts } = settings.notifications;
  const nowMs = (): number => Date.now();
  const people = createKnownPeople(settings.identities, notified, settings.tokens.issuer);
  const key = openLinkKey(settings.stateDir);
  const links = createAnswerLinks({ key, desk, people, store, nowMs, newId });
  const channels = configured.map((each) => openChannel(each, nowMs));
  const notifier = createNotifier({
    channels,
    store,
    people,
    mayAnswer: (person, approval) => mayAnswer(desk, people, person, approval),
    linkFor(approval, subject) {
      const base = parts.apiUrl();
      // A link over an open line is everybody's on the way.
      return isSafeUrl(base) ? `${base}/answer?link=${links.make(approval, subject)}` : undefined;
    },
    attempts,
    nowMs,
    newId,
    random: Math.random,
    schedule(afterMs, wake) {
      const timer = setTimeout(wake, afterMs).unref();
      return () => clearTimeout(timer);
    },
    observe: metrics.noticeDone,
    warn: (facts, message) => log.warn(facts, message),
  });
  const slack = createSlackAnswers({
    secretOf(name) {
      const channel = configured.find((each) => each.name === name);
      return channel?.type === 'slack' ? channel.signingSecret?.reveal() : undefined;
    },
    desk,
    people,
    store,
    nowMs,
    reply(name, text) {
      const channel = channels.find((each) => each.settings.name === name);
      channel
        ?.say?.(text, AbortSignal.timeout(REPLY_TIMEOUT_MS))
        .catch((fault: unknown) => log.warn({ err: fault, channel: name }, 'a reply was not sent'));
    },
  });
  return { links, slack, notifier };
}

/** Milliseconds a reply to somebody who pressed a button may take. */
const REPLY_TIMEOUT_MS = 10_000;

function mayAnswer(
  desk: ApprovalDesk,
  people: KnownPeople,
  person: KnownPerson,
  approval: StoredApproval,
): boolean {
  const { createdAtMs: atMs, expiresAtMs } = approval;
  const identity = people.identityOf(person, { id: 'notice', atMs, expiresAtMs });
  return desk.refuseApprover(identity, approval) === undefined;
}
