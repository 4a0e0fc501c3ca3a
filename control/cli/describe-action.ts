/**
 * An action from the text of a command line, described by the code of the data plane.
 */
import { createHash } from 'node:crypto';
import type { ActionInput } from '../../engine/contract/input.ts';
import { createSqlAnalyser } from '../../proxy/sql/analyser.ts';
import { ControlError } from '../error.ts';

/** Grammar that is used when no server says which one it speaks. */
const POSTGRES_MAJOR = 17;

/** A SQL text as one simple query. Throws `usage/invalid` for what the data plane would refuse unseen. */
export async function describeSql(text: string): Promise<ActionInput> {
  const analyser = await createSqlAnalyser({ majorVersion: POSTGRES_MAJOR });
  try {
    const facts = await analyser.analyse(text);
    if (!facts.ok)
      throw new ControlError('usage/invalid', `${facts.refusal.message} (${facts.refusal.code})`, {
        hint: 'the gateway blocks this whatever the policies say',
      });
    return {
      kind: 'sql',
      verb: facts.verb,
      class: facts.class,
      text,
      digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
      sql: { dialect: 'postgres', statements: facts.statements, in_transaction: false },
    };
  } finally {
    await analyser.close();
  }
}

/** A request such as `GET /customers/1?x=1`. */
export function describeHttp(_request: string, _body: string | undefined): ActionInput {
  throw new ControlError('usage/invalid', 'HTTP cannot be described yet');
}
