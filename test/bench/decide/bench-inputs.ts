/** Inputs that decisions are measured with: a few groups, one or two statements, one to three tables; the same for the same seed. */
import type { ActionInput, PolicyInput, SqlStatement } from '../../../engine/contract/input.ts';
import { ENGINEER, GET_ORDERS, inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';
import { GROUPS, keyCount, keyOf, numbersFrom, type Shape, VERBS } from './keyed-rules.ts';

type Random = (below: number) => number;

/** Inputs for so many keyed rules. The first half has one statement over one table: what Cedar can be asked too. */
export function benchInputs(shape: Shape, rules: number, count: number): readonly PolicyInput[] {
  const random = numbersFrom(rules + 1);
  const inputs = Array.from({ length: count }, (_, at) => {
    const groups = GROUPS.filter(() => random(3) > 0);
    const key = (): string => keyOf(shape, random(keyCount(rules)));
    const verb = (): string => VERBS[shape][random(4)] ?? '';
    const action =
      shape === 'http' ? httpAction(verb(), key()) : sqlAction(random, at < count / 2, verb, key);
    const input = inputOf(action, { ...ENGINEER, subject: `u-${at}`, groups });
    return { ...input, context: { ...input.context, now_ns: 1_795_000_000 } };
  });
  // Through text, so that no string of an input is the very one of a rule.
  return JSON.parse(JSON.stringify(inputs)) as readonly PolicyInput[];
}

function sqlAction(
  random: Random,
  isSmall: boolean,
  verb: () => string,
  key: () => string,
): ActionInput {
  const statements = Array.from({ length: isSmall ? 1 : 1 + random(2) }, () =>
    statementOf(
      verb(),
      Array.from({ length: isSmall ? 1 : 1 + random(3) }, () => key()),
    ),
  );
  const [first] = statements;
  if (SELECT_CUSTOMERS.kind !== 'sql' || first === undefined) throw new TypeError('no statement');
  const { sql } = SELECT_CUSTOMERS;
  return {
    ...SELECT_CUSTOMERS,
    verb: first.verb,
    class: first.class,
    sql: { ...sql, statements },
  };
}

function statementOf(verb: string, tables: readonly string[]): SqlStatement {
  const [model] = SELECT_CUSTOMERS.kind === 'sql' ? SELECT_CUSTOMERS.sql.statements : [];
  if (model === undefined) throw new TypeError('no statement');
  const access = verb === 'SELECT' ? 'read' : 'write';
  return {
    ...model,
    verb,
    verbs: [verb],
    class: access,
    tables: tables.map((name) => ({ schema: '', name, access })),
  };
}

function httpAction(method: string, path: string): ActionInput {
  if (GET_ORDERS.kind !== 'http') throw new TypeError('no request');
  return {
    ...GET_ORDERS,
    verb: method,
    http: { ...GET_ORDERS.http, method, path, segments: path.split('/').slice(1) },
  };
}
