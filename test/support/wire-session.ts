/**
 * A real server with one open and one secret table behind a gateway, and clients that speak the bare protocol to it: for tests of
 * what each message does to a decision.
 */
import type { Decision } from '../../engine/contract/decision.ts';
import type { PolicyInput, SqlStatement } from '../../engine/contract/input.ts';
import { decision } from './gate-ports.ts';
import { type PostgresFixture, startPostgresFixture } from './postgres-fixture.ts';
import { TOKEN } from './postgres-gateway.ts';
import { fields, query, signIn, type WireClient, type WireMessage } from './postgres-wire.ts';

/** Tag of an ErrorResponse. */
const ERROR_REPORT = 'E';

export interface WireFixture extends PostgresFixture {
  /** What was decided since the last `reset`. */
  readonly decided: PolicyInput[];
  /** A policy that blocks statements like these, and all that cannot be seen through. */
  blockWhen(isBad: (statement: SqlStatement) => boolean): (input: PolicyInput) => Decision;
  connect(): Promise<WireClient>;
  /** Makes the tables `open_t` and `secret_t`. */
  prepare(): Promise<void>;
  /** Forgets what was decided; statements that touch `secret_t` are blocked from here on. */
  reset(): void;
}

/** Starts both; without server binaries it says so and ends the process, with a failure in CI. */
export async function startWireFixture(name: string): Promise<WireFixture> {
  const fixture = await startPostgresFixture(name);
  const { gateway } = fixture;
  const decided: PolicyInput[] = [];
  const blockWhen: WireFixture['blockWhen'] = (isBad) => (input) => {
    decided.push(input);
    const { action } = input;
    const statements = action.kind === 'sql' ? action.sql.statements : [];
    const isBlocked = statements.some((statement) => isBad(statement) || statement.opaque);
    if (!isBlocked && statements.length > 0) return decision();
    const rule = { package: 'access', name: 'block', file: 'access.policy', line: 7 };
    return decision({
      effect: 'block',
      reasons: [{ code: 'no-secrets', reason: 'not this', rule }],
    });
  };
  const connect = async (): Promise<WireClient> => (await signIn(gateway.port, TOKEN)).client;
  return {
    ...fixture,
    decided,
    blockWhen,
    connect,
    async prepare() {
      const client = await connect();
      await ask(
        client,
        query(
          'create table open_t(a int primary key, b text); create table secret_t(a int, b text)',
        ),
      );
      await ask(
        client,
        query("insert into open_t values (1,'one'); insert into secret_t values (9,'s')"),
      );
      client.end();
    },
    reset() {
      decided.length = 0;
      gateway.bench.decide = blockWhen(touches('secret_t'));
    },
  };
}

/** Does a statement drop anything or touch this table? */
const touches = (name: string) => (statement: SqlStatement) =>
  statement.verb.startsWith('DROP') || statement.tables.some((table) => table.name === name);

/** Sends messages and collects the answer up to ReadyForQuery. */
export async function ask(
  client: WireClient,
  ...messages: readonly Buffer[]
): Promise<WireMessage[]> {
  client.send(...messages);
  return client.until('Z');
}

/** SQLSTATEs of the errors in an answer. */
export const states = (messages: readonly WireMessage[]): string[] =>
  messages.filter(({ tag }) => tag === ERROR_REPORT).map(({ body }) => fields(body)['C'] ?? '');

/** Transaction status of the ReadyForQuery that ends an answer. */
export const status = (messages: readonly WireMessage[]): string =>
  messages.at(-1)?.body.toString('latin1') ?? '';
