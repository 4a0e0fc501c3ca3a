/**
 * An action from the text of a command line or call, described by the code of the data plane.
 */
import { createHash } from 'node:crypto';
import type { ActionInput } from '../../engine/contract/input.ts';
import { parseBody } from '../../proxy/http/body.ts';
import { describeRequest } from '../../proxy/http/http-action.ts';
import { DEFAULT_HTTP_LIMITS } from '../../proxy/http/limits.ts';
import { readTarget } from '../../proxy/http/request-target.ts';
import { createSqlAnalyser } from '../../proxy/sql/analyser.ts';
import type { SqlAnalyser, SqlFacts } from '../../proxy/sql/facts.ts';
import { ControlError } from '../error.ts';

/** Grammar that is used when no server says which one it speaks. */
const POSTGRES_MAJOR = 17;

/** A SQL text as one simple query. Throws `usage/invalid` for what the data plane would refuse unseen. */
export async function describeSql(text: string): Promise<ActionInput> {
  const analyser = await openSqlAnalyser();
  try {
    return sqlAction(text, await analyser.analyse(text));
  } finally {
    await analyser.close();
  }
}

/** The analyser that is used when no server says which grammar it speaks. */
export function openSqlAnalyser(): Promise<SqlAnalyser> {
  return createSqlAnalyser({ majorVersion: POSTGRES_MAJOR });
}

/** The action of a SQL text as one simple query. Throws `usage/invalid` for what the data plane would refuse unseen. */
export function sqlAction(text: string, facts: SqlFacts): ActionInput {
  if (!facts.ok) throw refusedUnseen(`${facts.refusal.message} (${facts.refusal.code})`);
  return {
    kind: 'sql',
    verb: facts.verb,
    class: facts.class,
    text,
    digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    sql: { dialect: 'postgres', statements: facts.statements, in_transaction: false },
  };
}

/** A request such as `GET /customers/1?x=1`, with a JSON body or none. Throws `usage/invalid` for what would be refused unseen. */
export function describeHttp(request: string, body: string | undefined, host: string): ActionInput {
  const [, method, path] = /^([A-Z]+) +(\/\S*)$/.exec(request.trim()) ?? [];
  if (method === undefined || path === undefined)
    throw new ControlError('usage/invalid', `\`${request}\` is not a request`, {
      hint: 'write a method and a path, such as "GET /customers/1"',
    });
  const { maxParameters } = DEFAULT_HTTP_LIMITS;
  const reading = readTarget(path, maxParameters);
  if (!reading.ok) throw refusedUnseen(reading.why);
  const bytes = Buffer.from(body ?? '');
  const headers: Record<string, string> =
    body === undefined ? {} : { 'content-type': 'application/json' };
  const parsed = parseBody(bytes, headers, DEFAULT_HTTP_LIMITS);
  if (!parsed.ok) throw refusedUnseen(parsed.why);
  return describeRequest({
    method,
    target: reading.target,
    headers,
    host,
    bytes,
    body: parsed.body,
    isUpgrade: false,
  });
}

function refusedUnseen(why: string): ControlError {
  return new ControlError('usage/invalid', why, {
    hint: 'the gateway blocks this whatever the policies say',
  });
}
