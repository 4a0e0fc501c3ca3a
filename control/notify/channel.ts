/**
 * What a channel is to the notifier: it sends one notice, or says why not and whether to try again. A channel holds no queue and
 * knows no other channel.
 */

import type { KnownPerson } from '../approvals/known-people.ts';
import type { ChannelSettings } from '../config/notifications-section.ts';
import type { Notice } from './notice.ts';

export interface Channel {
  readonly settings: ChannelSettings;
  /** True when each person is told in a message of their own, with a link of their own. */
  readonly isPersonal: boolean;
  /** Rejects with `DeliveryFailure`; anything else is a fault of ours and counts as one to try again. */
  send(notice: Notice, to: KnownPerson | undefined, signal: AbortSignal): Promise<void>;
  /** Says a sentence where people are; only where the channel is a conversation. */
  say?(text: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** A notice that was not taken. The message names no address and no secret. */
export class DeliveryFailure extends Error {
  /** True when trying again cannot help. */
  readonly isFinal: boolean;
  /** What the receiver asks to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { isFinal?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryFailure';
    this.isFinal = options.isFinal ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
