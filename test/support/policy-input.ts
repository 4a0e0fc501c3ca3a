/** Inputs of policies as the proxies would describe them, typed: what the schemas and the decision are tested with. */
import type { ActionInput, IdentityInput, PolicyInput } from '../../engine/contract/input.ts';

export const ENGINEER: IdentityInput = {
  subject: 'u-42',
  name: 'Ada Example',
  email: 'ada@example.test',
  kind: 'human',
  groups: ['engineering'],
  scopes: [],
  claims: { department: 'payments' },
  issuer: 'https://id.example.test',
  credential: {
    id: 'c-1',
    type: 'oidc',
    issued_at: '2026-11-21T08:00:00Z',
    expires_at: '2026-11-21T16:00:00Z',
    bound: false,
  },
  mfa: true,
  actors: [],
};

export const AGENT: IdentityInput = {
  ...ENGINEER,
  subject: 'agent-7',
  name: 'Migration agent',
  kind: 'agent',
  groups: [],
  on_behalf_of: ENGINEER,
  actors: ['agent-7'],
};

export const SELECT_CUSTOMERS: ActionInput = {
  kind: 'sql',
  verb: 'SELECT',
  class: 'read',
  text: 'SELECT name FROM customers c WHERE id = $1',
  digest: `sha256:${'0'.repeat(64)}`,
  sql: {
    dialect: 'postgres',
    statements: [
      {
        verb: 'SELECT',
        verbs: ['SELECT'],
        class: 'read',
        text: 'SELECT name FROM customers c WHERE id = $1',
        tables: [{ schema: '', name: 'customers', alias: 'c', access: 'read' }],
        columns: { read: ['name'], written: [], filtered: ['id'] },
        functions: [{ name: 'now', volatile: false }],
        where: true,
        limit: false,
        returning: false,
        copy: { direction: 'to', program: false, file: false },
        settings: [{ name: 'search_path', value: 'public' }],
        roles: [],
        opaque: false,
      },
    ],
    in_transaction: false,
    prepared: true,
    parameters: ['1', null, { base64: 'AA==' }],
  },
};

export const GET_ORDERS: ActionInput = {
  kind: 'http',
  verb: 'GET',
  class: 'read',
  digest: `sha256:${'1'.repeat(64)}`,
  http: {
    method: 'GET',
    path: '/orders/7',
    segments: ['orders', '7'],
    query: { page: ['1'] },
    headers: { accept: 'application/json' },
    host: 'shop.example.test',
    body: { any: ['thing'] },
    websocket: false,
  },
};

/** The input of `action` by `identity` on a production database. */
export function inputOf(action: ActionInput, identity: IdentityInput = ENGINEER): PolicyInput {
  return {
    identity,
    resource: {
      name: 'shop-db',
      type: action.kind === 'http' ? 'http' : 'postgres',
      labels: { env: 'prod' },
      database: 'shop',
      user: 'gateway',
    },
    session: {
      id: 's-1',
      started_at: '2026-11-21T09:00:00Z',
      client: { ip: '127.0.0.1', application: 'psql', fingerprint: '' },
      reason: 'ticket 17',
      actions: 0,
      rows: 0,
    },
    action,
    context: {
      now_ns: 1_795_000_000_000_000_000n,
      time: '2026-11-21T09:00:01.000000001Z',
      weekday: 'Saturday',
      hour: 9,
      grants: [
        {
          id: 'g-1',
          code: 'prod-write',
          scope: 'session',
          approvers: ['u-1'],
          expires_at: '2026-11-21T10:00:00Z',
        },
      ],
    },
  };
}
