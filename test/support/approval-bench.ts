/**
 * A desk over a store in memory, with people whom the configuration names, and requests of an agent: what tests of links, buttons
 * and notices stand on.
 */
import { createApprovalDesk } from '../../control/approvals/desk.ts';
import type { ApprovalDesk, ApprovalDeskOptions } from '../../control/approvals/desk-contract.ts';
import { createKnownPeople, type KnownPeople } from '../../control/approvals/known-people.ts';
import { STRICT_RULES } from '../../control/approvals/rules.ts';
import type { ApprovalRules } from '../../control/config/approvals-section.ts';
import type { NotifiedPerson } from '../../control/config/notifications-section.ts';
import type { LocalIdentity } from '../../control/identity/registry.ts';
import { openSqliteStore } from '../../control/store/sqlite/sqlite-store.ts';
import type { Store } from '../../control/store/store.ts';
import type { ApprovalRequest, PendingApproval } from '../../proxy/gate/ports.ts';
import type { JournalEntry } from '../../proxy/gate/record.ts';
import { isRefusal } from '../../proxy/gate/refusal.ts';
import { agentIdentity, exampleApproval } from '../control/store/example-approval.ts';

export const BENCH_START_MS = 1_700_000_000_000;

export interface ApprovalBench {
  readonly store: Store;
  readonly desk: ApprovalDesk;
  readonly people: KnownPeople;
  readonly time: { nowMs: number };
  readonly entries: JournalEntry[];
  readonly newId: () => string;
  ask(changes?: Partial<ApprovalRequest>): Promise<PendingApproval>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly rules?: Partial<ApprovalRules>;
  readonly identities?: readonly LocalIdentity[];
  readonly notified?: readonly NotifiedPerson[];
  readonly hooks?: Pick<ApprovalDeskOptions, 'onAsked' | 'onSettled'>;
}

/** A person of `identities:`. */
export function localPerson(subject: string, groups: readonly string[]): LocalIdentity {
  return {
    subject,
    name: `${subject.charAt(0).toUpperCase()}${subject.slice(1)}`,
    email: `${subject}@example.com`,
    kind: 'human',
    groups,
    owner: undefined,
    actsFor: [],
  };
}

/** Two DBAs, the person the agent acts for and its owner (both of whom are DBAs too), and a robot. */
export const BENCH_IDENTITIES: readonly LocalIdentity[] = [
  localPerson('dora', ['dba']),
  localPerson('egon', ['dba']),
  localPerson('maria', ['dba']),
  localPerson('olga', ['dba']),
  localPerson('eve', []),
  { ...localPerson('robot', ['dba']), kind: 'service' },
];

export function openApprovalBench(options: BenchOptions = {}): ApprovalBench {
  const { rules, identities = BENCH_IDENTITIES, notified = [], hooks } = options;
  const time = { nowMs: BENCH_START_MS };
  const entries: JournalEntry[] = [];
  const store = openSqliteStore(':memory:');
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `id${ids}`;
  };
  const emails = new Map(identities.map(({ subject, email }) => [subject, email]));
  const desk = createApprovalDesk({
    store,
    clock: { nowNs: () => BigInt(time.nowMs) * 1_000_000n },
    newId,
    maxPendingPerIdentity: 9_999,
    emailOf: (subject) => emails.get(subject),
    gateway: 'gateway-1',
    journal: (entry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    rules: { ...STRICT_RULES, ...rules },
    ...hooks,
  });
  return {
    store,
    desk,
    people: createKnownPeople(identities, notified, 'sallyport'),
    time,
    entries,
    newId,
    async ask(changes = {}) {
      const { text, digest, demand, revision } = exampleApproval();
      const asked = await desk.request({
        sessionId: 's1',
        identity: agentIdentity,
        resource: { name: 'shop', type: 'postgres', labels: { env: 'prod' } },
        text,
        digest,
        demand: { ...demand, expiresMs: 600_000 },
        revision,
        reason: 'ticket 7',
        decidedAtMs: time.nowMs,
        evidence: {
          parameters: ['7'],
          client: { ip: '10.0.0.7', application: 'psql' },
          action: { kind: 'sql', verb: 'UPDATE', class: 'write' },
          rules: [
            {
              code: 'prod-write',
              reason: 'writes in production',
              rule: { package: 'access', name: 'require_approval', file: 'a.policy', line: 3 },
            },
          ],
        },
        ...changes,
      });
      if (isRefusal(asked)) throw new Error(asked.message);
      return asked;
    },
    async close() {
      desk.close();
      await store.close();
    },
  };
}
