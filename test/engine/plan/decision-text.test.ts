import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decisionText } from '../../../engine/plan/decision-text.ts';
import { compilePolicies } from '../../../engine/policy-set.ts';

const test = suite('engine/plan/decision-text');

function planOf(rules: string): string {
  const policies = [{ name: 'access.policy', text: `package access\n\n${rules}` }];
  const { policySet, diagnostics } = compilePolicies({ policies });
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  const made = policySet.code.decisionCode(policySet, ['access']);
  if (typeof made === 'string') throw new Error(made);
  return decisionText(['access'], made.plan, made.program);
}

const STATEMENT = 'some s in input.action.sql.statements';
const table = (name: string): string => `${STATEMENT}\n\tsome t in s.tables\n\tt.name == "${name}"`;
const block = (code: string, body: string): string =>
  `block contains {"code": "${code}", "reason": "no"} if {\n\t${body}\n}\n`;
const DBA = '"dba" in input.identity.groups';

test('what docs/build.md shows: shared reads, flags, tables, rows, and the rules behind them', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/build.md'), 'utf8');
  const [, shown] = /```text\n(decision by [^`]*)\n```/.exec(page) ?? [];
  const rules = [
    block('drop', `${STATEMENT}\n\tstartswith(s.verb, "DROP")`),
    block('orders', `${table('orders')}\n\t${DBA}`),
    block('payments', `${table('payments')}\n\t${DBA}`),
    block('cards', table('cards')),
    block('many', 'input.session.rows > 100'),
  ];
  assert.is(planOf(rules.join('\n')), shown);
});

test('rules of one form are rows, with the constants in which they differ', () => {
  const rules = Array.from({ length: 9 }, (_, at) => block(`c${at}`, `input.session.rows > ${at}`));
  assert.match(
    planOf(rules.join('\n')),
    /try up to 9 one after the other: access\.policy:3 \(0\), .* and 5 more\n {4}test r1 > c1$/,
  );
});

test('data that are found by an index, rules with else, and tables of many values', () => {
  const plan = planOf(
    `allow if {\n\tsome g in data.grants\n\tg.user.name == input.identity.subject\n} else := false if ${DBA}\n\n${[...'abcdef'].map((name) => block(name, table(name))).join('\n')}`,
  );
  assert.match(plan, / {4}for each r\d+:?\w* of r\d+, found by user\.name\n/);
  assert.match(plan, /\n {2}else 1\n/);
  assert.match(plan, 'among 6 values: "a", "b", "c", "d" and 2 more');
});

test.run();
