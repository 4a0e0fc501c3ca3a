/**
 * Stand-ins for everything the gate needs: a clock that is set by hand, a journal in memory, an approvals desk that a test
 * answers, and a decision function the test gives.
 */
import type { ApprovalDemand, Decision } from '../../engine/contract/decision.ts';
import type { ActionInput, IdentityInput, PolicyInput } from '../../engine/contract/input.ts';
import type { Arrival, SubmitOptions } from '../../proxy/gate/gate.ts';
import { principalOf } from '../../proxy/gate/grants.ts';
import type {
  ApprovalOutcome,
  ApprovalRequest,
  Durability,
  GatePorts,
  Grant,
  Target,
} from '../../proxy/gate/ports.ts';
import type { JournalEntry } from '../../proxy/gate/record.ts';
import type { Refusal } from '../../proxy/gate/refusal.ts';
import type { HoldNotice } from '../../proxy/gate/verdict.ts';

export const REVISION = `sha256:${'a'.repeat(64)}`;
export const START_NS = 1_795_254_265_123_456_789n;

export function decision(partial: Partial<Decision> = {}): Decision {
  return {
    effect: 'allow',
    reasons: [],
    masks: [],
    approvals: [],
    revision: REVISION,
    reads: [],
    ...partial,
  };
}

export function demand(partial: Partial<ApprovalDemand> = {}): ApprovalDemand {
  return {
    code: 'prod-write',
    reason: 'writes in production',
    approvers: { groups: ['dba'], subjects: [] },
    quorum: 1,
    expiresMs: 60_000,
    scope: 'statement',
    rule: undefined,
    ...partial,
  };
}

export function identity(partial: Partial<IdentityInput> = {}): IdentityInput {
  return {
    subject: 'agent-7',
    name: 'Agent 7',
    kind: 'agent',
    groups: ['support'],
    scopes: [],
    claims: {},
    issuer: 'test',
    credential: {
      id: 'c1',
      type: 'api-key',
      issued_at: '2026-01-01T00:00:00Z',
      expires_at: '2027-01-01T00:00:00Z',
      bound: false,
    },
    mfa: false,
    actors: ['agent-7'],
    ...partial,
  };
}

export function sqlAction(text: string, partial: Partial<ActionInput> = {}): ActionInput {
  return {
    kind: 'sql',
    verb: 'SELECT',
    class: 'read',
    text,
    digest: `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64)}`,
    sql: { dialect: 'postgres', statements: [], in_transaction: false },
    ...partial,
  } as ActionInput;
}

export const TARGET: Target = {
  resource: { name: 'orders', type: 'postgres', labels: { env: 'prod' }, database: 'shop' },
  policies: ['access'],
  upstream: {
    kind: 'postgres',
    host: '127.0.0.1',
    port: 5432,
    database: 'shop',
    user: 'app',
    password: undefined,
    tls: 'disable',
    ca: undefined,
  },
};

export const ARRIVAL: Arrival = {
  credential: { kind: 'bearer', token: 'good' },
  resource: 'orders',
  client: { ip: '127.0.0.1', application: 'test', fingerprint: 'f' },
};

export interface AskedApproval {
  readonly id: string;
  readonly request: ApprovalRequest;
  answer(outcome: ApprovalOutcome): void;
  /** A grant that answers this request, as an honest approvals desk would make it. */
  grant(partial?: Partial<Grant>): Grant;
  readonly withdrawn: () => boolean;
}

export interface Bench {
  readonly ports: GatePorts;
  readonly entries: { readonly entry: JournalEntry; readonly durability: Durability }[];
  readonly asked: AskedApproval[];
  readonly spent: string[];
  readonly standing: Grant[];
  nowNs: bigint;
  decide: (input: PolicyInput) => Decision;
  /** What `identify` answers. */
  identity: IdentityInput | Refusal;
  spendAnswer: boolean;
  journalFails: Error | undefined;
}

export function makeBench(): Bench {
  let ids = 0;
  const bench: Bench = {
    entries: [],
    asked: [],
    spent: [],
    standing: [],
    nowNs: START_NS,
    decide: () => decision(),
    identity: identity(),
    spendAnswer: true,
    journalFails: undefined,
    ports: {
      identities: { identify: async () => bench.identity },
      targets: { find: (name) => (name === 'orders' ? TARGET : undefined) },
      decisions: { decide: (_policies, input) => bench.decide(input) },
      approvals: {
        grants: async () => bench.standing,
        request: async (request) => {
          ids += 1;
          const id = `approval-${ids}`;
          const answered = Promise.withResolvers<ApprovalOutcome>();
          let withdrawn = false;
          bench.asked.push({
            id,
            request,
            answer: answered.resolve,
            withdrawn: () => withdrawn,
            grant: (partial = {}) => makeGrant(id, request, bench.nowNs, partial),
          });
          return {
            id,
            wait: (signal) => {
              const withdraw = (): void => {
                withdrawn = true;
                answered.resolve({ kind: 'cancelled' });
              };
              if (signal.aborted) withdraw();
              signal.addEventListener('abort', withdraw, { once: true });
              return answered.promise;
            },
          };
        },
        spend: async (id) => {
          bench.spent.push(id);
          return bench.spendAnswer;
        },
      },
      journal: {
        append: async (entry, durability) => {
          if (bench.journalFails !== undefined) throw bench.journalFails;
          bench.entries.push({ entry, durability });
          return `1-${bench.entries.length}`;
        },
      },
      clock: { nowNs: () => bench.nowNs },
      newId: () => {
        ids += 1;
        return `session-${ids}`;
      },
    },
  };
  return bench;
}

function makeGrant(
  id: string,
  request: ApprovalRequest,
  nowNs: bigint,
  partial: Partial<Grant>,
): Grant {
  const expiresAtMs = Number(nowNs / 1_000_000n) + request.demand.expiresMs;
  return {
    id,
    code: request.demand.code,
    scope: request.demand.scope,
    approvers: ['dora'],
    expires_at: new Date(expiresAtMs).toISOString(),
    subject: request.identity.subject,
    actors: request.identity.actors,
    principal: principalOf(request.identity),
    resource: request.resource.name,
    sessionId: request.sessionId,
    digest: request.digest,
    revision: request.revision,
    expiresAtMs,
    uses: 1,
    answers: request.demand,
    ...partial,
  };
}

export interface Waiting {
  readonly options: SubmitOptions;
  readonly notices: HoldNotice[];
  readonly abort: () => void;
}

export function waiting(): Waiting {
  const controller = new AbortController();
  const notices: HoldNotice[] = [];
  return {
    notices,
    abort: () => controller.abort(),
    options: { onHold: (notice) => notices.push(notice), signal: controller.signal },
  };
}

/** Waits until the condition holds; throws after two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 2_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never became true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
