/**
 * Signed one-time links: each opens one request for one person until it expires, and takes one answer. Opening changes nothing.
 * The holder is judged by the desk at the moment of the answer, as if they had come with a token. A token is never logged: what
 * names it in records is its hash.
 *
 * Token: base64url(JSON [request, subject, expiry in seconds, nonce]) "." base64url(HMAC-SHA256 of a label and the part before).
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isRefusal, type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { OnceStore } from '../identity/ports.ts';
import type { StoredAnswer, StoredApproval } from '../store/approvals/approval-store.ts';
import type { ApprovalDesk } from './desk-contract.ts';
import type { KnownPeople, KnownPerson } from './known-people.ts';
import type { ApprovalView } from './view.ts';

/** Keeps a signature made here from meaning anything elsewhere. */
const LABEL = 'sallyport answer link v1\n';
/** A subject has 255 characters at most; each may take several bytes. */
const MAX_TOKEN_LENGTH = 2_048;
const TOKEN = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;
/** Characters of the hash that name a link in records. */
const ID_LENGTH = 32;

export interface OpenedLink {
  readonly person: KnownPerson;
  readonly approval: ApprovalView;
}

export interface AnswerLinks {
  /** A new link of this person to this request: the token of it. */
  make(approval: Pick<StoredApproval, 'id' | 'expiresAtMs'>, subject: string): string;
  /** What the link is for; refused when the person may not answer any more. */
  open(token: string): Promise<OpenedLink | Refusal>;
  /** Answers, once. */
  answer(
    token: string,
    answer: StoredAnswer['answer'],
    note: string | undefined,
  ): Promise<OpenedLink | Refusal>;
}

export interface AnswerLinkOptions {
  /** Known to this gateway only. */
  readonly key: Buffer;
  readonly desk: Pick<ApprovalDesk, 'answer' | 'check'>;
  readonly people: KnownPeople;
  readonly store: OnceStore;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

interface ReadLink {
  readonly id: string;
  readonly request: string;
  readonly person: KnownPerson;
  readonly expiresAtMs: number;
}

export function createAnswerLinks(options: AnswerLinkOptions): AnswerLinks {
  const { key, desk, people, store, nowMs, newId } = options;
  const sign = (body: string): Buffer =>
    createHmac('sha256', key).update(LABEL).update(body).digest();

  /** INVARIANT: nothing of a token is read before its signature has been checked. */
  function read(token: string): ReadLink | Refusal {
    const parts = token.length > MAX_TOKEN_LENGTH ? null : TOKEN.exec(token);
    if (parts === null) return refuseLink();
    const [, body = '', signature = ''] = parts;
    if (!timingSafeEqual(Buffer.from(signature, 'base64url'), sign(body))) return refuseLink();
    const [request, subject, expiry] = JSON.parse(
      Buffer.from(body, 'base64url').toString('utf8'),
    ) as [string, string, number, string];
    const expiresAtMs = expiry * 1000;
    if (expiresAtMs <= nowMs())
      return refuse('unauthenticated', 'link/expired', 'this link has expired');
    const person = people.find(subject);
    // Who was taken out of the configuration since holds a link to nothing.
    if (person === undefined) return refuseLink();
    // Of the signed part: the other part can be spelt in several ways.
    const id = createHash('sha256').update(body).digest('hex').slice(0, ID_LENGTH);
    return { id: `link:${id}`, request, person, expiresAtMs };
  }

  const identityOf = ({ id, person, expiresAtMs }: ReadLink) =>
    people.identityOf(person, { id, atMs: nowMs(), expiresAtMs });

  return {
    make({ id, expiresAtMs }, subject) {
      // Rounded down: a link never outlives its request.
      const fields = [id, subject, Math.floor(expiresAtMs / 1000), newId()];
      const body = Buffer.from(JSON.stringify(fields)).toString('base64url');
      return `${body}.${sign(body).toString('base64url')}`;
    },

    async open(token) {
      const link = read(token);
      if (isRefusal(link)) return link;
      const approval = await desk.check(link.request, identityOf(link));
      return isRefusal(approval) ? approval : { person: link.person, approval };
    },

    async answer(token, answer, note) {
      const link = read(token);
      if (isRefusal(link)) return link;
      const approver = identityOf(link);
      const open = await desk.check(link.request, approver);
      if (isRefusal(open)) return open;
      // Before the answer: of two that come at once, one never reaches the desk.
      if (!(await store.useOnce(link.id, nowMs(), link.expiresAtMs)))
        return refuse('unauthenticated', 'link/used', 'this link was used before');
      const approval = await desk.answer(link.request, approver, answer, note, 'link');
      return isRefusal(approval) ? approval : { person: link.person, approval };
    },
  };
}

/** The same for every link that was not made here: nothing can be learned by trying. */
function refuseLink(): Refusal {
  return refuse('unauthenticated', 'link/invalid', 'this link is not valid', {
    hint: 'Open it exactly as it was sent, or answer with `sallyport approve`.',
  });
}
