/**
 * Tells people of requests: which channels, whom, with which links. It is called on the way of a decision and returns at once; what
 * it does afterwards decides nothing and may fail. What cannot be delivered is kept as a dead letter.
 */

import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { KnownPeople, KnownPerson } from '../approvals/known-people.ts';
import { toMessage } from '../approvals/message.ts';
import { type ApprovalView, viewApproval } from '../approvals/view.ts';
import type { NoticeEvent } from '../config/notifications-section.ts';
import type { StoredApproval } from '../store/approvals/approval-store.ts';
import type { DeadLetter } from '../store/notices/dead-letter-store.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channel.ts';
import { createLane, type Job, type JobOutcome, type Lane } from './lane.ts';
import { type PersonalLink, statementOf } from './notice.ts';

/** Requests whose notices are not written yet. */
const MAX_ANNOUNCEMENTS = 10_000;

export interface NotifierOptions {
  readonly channels: readonly Channel[];
  readonly store: Store;
  readonly people: KnownPeople;
  /** Whether this person may answer the request now. */
  readonly mayAnswer: (person: KnownPerson, approval: StoredApproval) => boolean;
  /** The address of a new link; undefined where links cannot be made. */
  readonly linkFor: (approval: StoredApproval, subject: string) => string | undefined;
  readonly attempts: number;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly random: () => number;
  readonly schedule: (afterMs: number, wake: () => void) => () => void;
  /** Told of every notice that came to an end. */
  readonly observe: (channel: Channel['settings']['type'], outcome: JobOutcome['kind']) => void;
  readonly warn: (facts: object, message: string) => void;
}

export interface Notifier {
  /** A request waits, or was put before further people. */
  asked(approval: Pick<StoredApproval, 'id'>): void;
  /** A request was decided or ended. */
  settled(approval: Pick<StoredApproval, 'id'>): void;
  listDeadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** Tries a dead letter again, written anew. */
  retry(id: string): Promise<DeadLetter | Refusal>;
  /** Notices that are not delivered yet. */
  readonly waiting: number;
  /** What is left becomes dead letters. */
  close(): Promise<void>;
}

interface Delivery extends Job {
  readonly event: NoticeEvent;
  readonly approval: string;
  readonly recipient: string | undefined;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { channels, store, people, newId, warn } = options;
  const lanes = new Map<string, { channel: Channel; lane: Lane<Delivery> }>(
    channels.map((channel) => [channel.settings.name, { channel, lane: laneOf(channel) }]),
  );
  const announcements: { readonly event: NoticeEvent; readonly id: string }[] = [];
  let writing: Promise<void> | undefined;
  let isClosed = false;

  function laneOf(channel: Channel): Lane<Delivery> {
    const { name, type } = channel.settings;
    return createLane<Delivery>({
      attempts: options.attempts,
      random: options.random,
      schedule: options.schedule,
      async onDone(job, outcome) {
        options.observe(type, outcome.kind);
        if (outcome.kind !== 'dead') return;
        const { id, event, approval, recipient } = job;
        const { attempts, error } = outcome;
        warn({ id, channel: name, approval, attempts, error }, 'a notice was not delivered');
        const letter = { id, channel: name, event, approval, recipient, attempts, error };
        await store
          .keepDeadLetter({ ...letter, atMs: options.nowMs() })
          .catch((fault: unknown) => warn({ err: fault, id }, 'a dead letter was not kept'));
      },
    });
  }

  function deliveryOf(
    channel: Channel,
    event: NoticeEvent,
    view: ApprovalView,
    to: KnownPerson | undefined,
    id: string,
  ): Delivery {
    const { settings, isPersonal } = channel;
    const approval = toMessage(view);
    const statement = statementOf(view, settings.showsStatement, approval.cut);
    const mayHaveLinks = isPersonal || (settings.type === 'webhook' && settings.givesLinks);
    const holders = to === undefined ? approversOf(view) : [to];
    const links = (): readonly PersonalLink[] =>
      !mayHaveLinks || event !== 'asked' || view.state !== 'pending'
        ? []
        : holders.flatMap(({ subject, email }) => {
            const url = options.linkFor(view, subject);
            return url === undefined ? [] : [{ subject, email, url }];
          });
    const notice = { id, event, approval, statement, links: links() };
    return {
      id,
      event,
      approval: view.id,
      recipient: to?.subject,
      send: (signal) => channel.send(notice, to, signal),
      isMoot: async () =>
        event === 'asked' && (await store.findApproval(view.id))?.state !== 'pending',
    };
  }

  const approversOf = (view: StoredApproval): readonly KnownPerson[] =>
    people.all.filter((person) => options.mayAnswer(person, view));

  function isFor({ settings }: Channel, event: NoticeEvent, view: ApprovalView): boolean {
    const before = [...view.demand.approvers.groups, ...(view.escalation?.groups ?? [])];
    return (
      settings.events.includes(event) &&
      (settings.groups.length === 0 || before.some((group) => settings.groups.includes(group)))
    );
  }

  async function announce(event: NoticeEvent, id: string): Promise<void> {
    const approval = await store.findApproval(id);
    if (approval === undefined || (event === 'asked' && approval.state !== 'pending')) return;
    const view = await viewApproval(store, approval);
    for (const { channel, lane } of lanes.values()) {
      if (!isFor(channel, event, view)) continue;
      const to = channel.isPersonal
        ? approversOf(view).filter(({ email }) => email !== undefined)
        : [undefined];
      for (const each of to) lane.offer(deliveryOf(channel, event, view, each, newId()));
    }
  }

  async function write(): Promise<void> {
    for (let next = announcements.shift(); next !== undefined; next = announcements.shift())
      await announce(next.event, next.id).catch((fault: unknown) =>
        warn({ err: fault, approval: next?.id }, 'nobody could be told of a request'),
      );
    writing = undefined;
  }

  function tell(event: NoticeEvent, id: string): void {
    if (lanes.size === 0 || isClosed) return;
    if (announcements.length >= MAX_ANNOUNCEMENTS) {
      warn({ approval: id }, 'too many requests at once: nobody is told of this one');
      return;
    }
    announcements.push({ event, id });
    // In a turn of its own: whoever tells is on the way of a decision.
    writing ??= Promise.resolve().then(write);
  }

  return {
    asked: ({ id }) => tell('asked', id),
    settled: ({ id }) => tell('settled', id),
    listDeadLetters: (limit) => store.listDeadLetters(limit),
    async retry(id) {
      const letter = await store.takeDeadLetter(id);
      if (letter === undefined)
        return refuse('blocked', 'notice/not-found', `there is no dead letter ${id}`);
      const target = lanes.get(letter.channel);
      const approval = await store.findApproval(letter.approval);
      const to = letter.recipient === undefined ? undefined : people.find(letter.recipient);
      if (
        target === undefined ||
        approval === undefined ||
        (letter.recipient !== undefined && to === undefined)
      ) {
        await store.keepDeadLetter(letter);
        return refuse('blocked', 'notice/undeliverable', 'its channel, request or person is gone');
      }
      const view = await viewApproval(store, approval);
      target.lane.offer(deliveryOf(target.channel, letter.event, view, to, letter.id));
      return letter;
    },
    get waiting() {
      return [...lanes.values()].reduce((sum, { lane }) => sum + lane.size, announcements.length);
    },
    async close() {
      isClosed = true;
      announcements.length = 0;
      await writing;
      await Promise.all([...lanes.values()].map(({ lane }) => lane.close()));
      for (const channel of channels) channel.close();
    },
  };
}
