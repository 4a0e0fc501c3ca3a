/**
 * Generates packages that decide, and inputs of a small vocabulary for them: equalities and prefixes that are indexed, tests of the input
 * that are shared, collections gone through together, and between them what may fail and must not be moved.
 */
import type { PolicyInput } from '../../engine/contract/input.ts';
import { GET_ORDERS, inputOf, SELECT_CUSTOMERS } from '../support/policy-input.ts';
import type { Choices } from './choices.ts';

export interface DecisionCase {
  readonly texts: readonly string[];
  readonly packages: readonly string[];
  readonly inputs: readonly PolicyInput[];
}

const NAMES = ['customers', 'orders', 'orders_2', 'pay', ''];
const VERBS = ['SELECT', 'INSERT', 'UPDATE', 'GET'];
const TEAMS = ['dba', 'ops', 'engineering'];

const HELPERS = `
is_human if input.identity.kind == "human"

torn := 1 if input.identity.mfa

torn := 2 if input.identity.kind == "agent"

verbs := {"human": {"SELECT", "GET"}, "agent": {"INSERT"}}

teams contains team if some team in input.identity.groups

owner(name) := "dba" if name == "customers"

owner(name) := "ops" if startswith(name, "orders")

risky(verb) if verb in {"UPDATE", "INSERT"}

risky(verb) if verb == "GET"
`;

type Condition = (choices: Choices, fresh: (name: string) => string) => string;

const CONDITIONS: readonly Condition[] = [
  (c) => `input.action.verb == "${c.one(VERBS)}"`,
  (c) => `"${c.one(TEAMS)}" in input.identity.groups`,
  (c) => `input.identity.kind == "${c.one(['human', 'agent', 'service'])}"`,
  (c, fresh) => {
    const [statement, table] = [fresh('statement'), fresh('table')];
    return `some ${statement} in input.action.sql.statements\n\t${statement}.verb == "${c.one(VERBS)}"\n\tsome ${table} in ${statement}.tables\n\t${table}.name == "${c.one(NAMES)}"`;
  },
  (c, fresh) => {
    const table = fresh('table');
    return `some ${table} in input.action.sql.statements[_].tables\n\tstartswith(${table}.name, "${c.one(['or', 'orders', 'c', ''])}")`;
  },
  (c, fresh) => {
    const [at, statement] = [fresh('at'), fresh('statement')];
    return `some ${at}, ${statement} in input.action.sql.statements\n\t${at} == ${c.below(2)}\n\t${statement}.where == ${c.one(['true', 'false'])}`;
  },
  (_, fresh) => {
    const [one, other] = [fresh('one'), fresh('other')];
    return `some ${one} in input.action.sql.statements\n\tsome ${other} in input.action.sql.statements\n\t${one}.verb != ${other}.verb`;
  },
  (c) => `not input.identity.${c.one(['on_behalf_of', 'mfa', 'email'])}`,
  (c) => `input.identity.${c.one(['on_behalf_of', 'mfa', 'email'])}`,
  (c) => `input.session.rows ${c.one(['>', '<=', '=='])} ${c.below(4)}`,
  () => 'is_human',
  (c) => `torn == ${1 + c.below(2)}`,
  () => 'input.action.verb in verbs[input.identity.kind]',
  (c) => `"${c.one(TEAMS)}" in teams`,
  (_, fresh) => {
    const table = fresh('table');
    return `some ${table} in input.action.sql.statements[0].tables\n\towner(${table}.name) in input.identity.groups`;
  },
  () => 'risky(input.action.verb)',
  (c) => `every g in input.identity.groups { g != "${c.one(TEAMS)}" }`,
  (c) => `count({g | some g in input.identity.groups; g != "${c.one(TEAMS)}"}) > ${c.below(2)}`,
  (c) => `input.action.http.path == "${c.one(['/orders/7', '/pay', '/'])}"`,
  (c) =>
    `regex.match("^o[a-z]*_?[${c.below(3)}-9]?$", input.action.sql.statements[0].tables[0].name)`,
  (c) => `input.identity.claims.level == ${c.one(['1', '1.0', 'null', 'true', '"x"'])}`,
  (c) => `input.identity.groups == ["${c.one(TEAMS)}"]`,
  (c) => `[_, "${c.one(TEAMS)}"] = input.identity.groups`,
  (c, fresh) =>
    `${fresh('said')} := sprintf("%s %v", [input.action.verb, input.identity.claims.${c.one(['level', 'none'])}])`,
];

function bodyText(choices: Choices): string {
  let names = 0;
  const fresh = (name: string): string => {
    names += 1;
    return `${name}_${names}`;
  };
  return choices.several(1, 4, () => `\t${choices.one(CONDITIONS)(choices, fresh)}`).join('\n');
}

function ruleText(choices: Choices): string {
  const code = `c${choices.below(3)}`;
  const head = choices.one([
    'allow',
    `block contains {"code": "${code}", "reason": "fixed"}`,
    `block contains {"code": "${code}", "reason": sprintf("%s by %s", [input.action.verb, input.identity.subject])}`,
    `block contains concat(" ", ["no", input.action.verb])`,
    `require_approval contains {"code": "${code}", "reason": "ask", "approvers": {"groups": ["dba"]}}`,
    `require_approval contains {"code": "${code}", "reason": input.action.verb, "approvers": {"groups": input.identity.groups}}`,
    `mask contains {"code": "${code}", "column": "*.*.email", "with": "${choices.one(['last4', 'redact'])}"}`,
    `mask contains {"code": "${code}", "field": input.action.verb, "with": "hash"}`,
    'allow := input.identity.mfa',
    'allow := false',
    'block contains 7',
  ]);
  const rule = `${head} if {\n${bodyText(choices)}\n}`;
  if (!head.startsWith('allow') || !choices.chance(20)) return rule;
  return `${rule} else := ${choices.one(['true', 'false', 'input.identity.mfa'])} if {\n${bodyText(choices)}\n}`;
}

function packageText(choices: Choices, name: string): string {
  const fallback = choices.chance(60) ? `default allow := ${choices.one(['false', 'true'])}\n` : '';
  // Many rules of one form, so that they become rows of a table.
  const keyed = Array.from({ length: choices.one([0, 0, 12]) }, (_, at) => {
    const test = choices.one([
      `input.action.http.path == "/key/${at}"`,
      `input.session.rows >= ${at}\n\tinput.session.rows < ${at + 2}`,
      `some t in input.action.sql.statements[_].tables\n\tt.name == "key_${at}"`,
      `some t in input.action.sql.statements[_].tables\n\tendswith(t.name, "_${at}")`,
    ]);
    return `block contains {"code": "k${at}", "reason": "keyed"} if {\n\t${test}\n}`;
  });
  const rules = [...choices.several(1, 6, () => ruleText(choices)), ...keyed];
  return `package ${name}\n\n${fallback}${HELPERS}\n${rules.join('\n\n')}\n`;
}

function inputFrom(choices: Choices): PolicyInput {
  const model = SELECT_CUSTOMERS;
  if (model.kind !== 'sql') throw new TypeError('no statement');
  const [statement] = model.sql.statements;
  if (statement === undefined) throw new TypeError('no statement');
  const statements = choices.several(0, 3, () => ({
    ...statement,
    verb: choices.one(VERBS),
    where: choices.chance(50),
    tables: choices.several(0, 3, () => ({
      schema: '',
      name: choices.one([...NAMES, 'key_3', 'key_7', 'or\ud800']),
      access: 'read' as const,
    })),
  }));
  const action = choices.chance(30)
    ? { ...GET_ORDERS, verb: choices.one(VERBS) }
    : { ...model, verb: choices.one(VERBS), sql: { ...model.sql, statements } };
  const input = inputOf(action);
  const identity = {
    ...input.identity,
    kind: choices.one(['human', 'agent'] as const),
    mfa: choices.chance(50),
    groups: choices.several(0, 3, () => choices.one(TEAMS)),
    claims: { level: choices.one([1, 1.0, null, true, 'x', { deep: [1] }]) },
  };
  const session = { ...input.session, rows: choices.below(14) };
  return { ...input, identity, session };
}

/** The same case for the same choices. */
export function generateDecision(choices: Choices): DecisionCase {
  const packages = choices.one([['access'], ['access'], ['guard', 'access']]);
  const texts = packages.map((name) => packageText(choices, name));
  return { texts, packages, inputs: Array.from({ length: 6 }, () => inputFrom(choices)) };
}
