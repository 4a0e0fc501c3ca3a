import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineBuiltin } from '../../engine/builtins/registry.ts';
import type { Decision } from '../../engine/contract/decision.ts';
import type { PolicyInput } from '../../engine/contract/input.ts';
import { createDecider, type Decider } from '../../engine/decide.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { compile } from '../support/policies.ts';
import { AGENT, ENGINEER, GET_ORDERS, inputOf, SELECT_CUSTOMERS } from '../support/policy-input.ts';

const test = suite('engine/compiled-decider');
const input = inputOf(SELECT_CUSTOMERS);

/** What both engines decide, which has to be the same; the reads are what differs. */
function decideAlike(policySet: PolicySet, asked: PolicyInput, policies = ['access']): Decision {
  const decision = createDecider(policySet).decide(policies, asked);
  const reference = createDecider(policySet, { engine: 'interpret' }).decide(policies, asked);
  assert.equal({ ...decision, reads: [] }, { ...reference, reads: [] });
  return decision;
}

function codeOf(policySet: PolicySet, policies = ['access']): string {
  const linked = policySet.code.decision(policySet, policies);
  if (linked === undefined) throw new Error('there is no code');
  return linked.program.source;
}

test('a decision made before is the same object, and nobody can change it', () => {
  const decider = createDecider(
    compile([
      'package access\n\nallow := true\n\nmask contains {"code": "m", "column": "a.b.c", "with": "redact"}',
    ]),
  );
  const first = decider.decide(['access'], input);
  const again = decider.decide(['access'], structuredClone(input));
  assert.is(again, first);
  assert.throws(() => Object.assign(first.masks[0] ?? {}, { with: 'email' }), TypeError);
});

test('what a rule computes is computed for each decision', () => {
  const policySet = compile([
    'package access\n\nallow := true\n\nblock contains {"code": "who", "reason": sprintf("not %s", [input.identity.subject])}',
  ]);
  assert.is(decideAlike(policySet, input).reasons[0]?.reason, 'not u-42');
  const other = inputOf(SELECT_CUSTOMERS, AGENT);
  assert.is(decideAlike(policySet, other).reasons[0]?.reason, 'not agent-7');
});

test('a member that several rules say is one member, of the first of them', () => {
  const member = '{"code": "c", "reason": "r"}';
  const policySet = compile([
    `package access\n\nblock contains ${member} if input.identity.mfa\n\nblock contains ${member}\n\nblock contains {"code": "c", "reason": concat("", ["r"])}`,
  ]);
  const { reasons } = decideAlike(policySet, input);
  assert.equal(
    reasons.map(({ code, rule }) => [code, rule?.line]),
    [
      ['c', 3],
      ['not-allowed', undefined],
    ],
  );
});

test('many rules of one form are one piece of code, whatever they compare with', () => {
  const rules = (count: number): PolicySet =>
    compile([
      `package access\n\n${Array.from({ length: count }, (_, at) => `block contains {"code": "c${at}", "reason": "r"} if {\n\tsome s in input.action.sql.statements\n\ts.verb == "V${at}"\n\tinput.session.rows > ${at}\n\ts.text != "T${at}"\n}`).join('\n\n')}`,
    ]);
  assert.is(codeOf(rules(200)).length, codeOf(rules(20)).length);
});

test('rules that are found by a value are not tried for another', () => {
  const policySet = compile([
    `package access\n\nallow := true\n\n${Array.from({ length: 50 }, (_, at) => `block contains {"code": "c${at}", "reason": "r"} if input.action.http.path == "/orders/${at}"`).join('\n\n')}`,
  ]);
  const decision = decideAlike(policySet, inputOf(GET_ORDERS));
  assert.equal(
    decision.reasons.map(({ code }) => code),
    ['c7'],
  );
  assert.is(decideAlike(policySet, input).effect, 'allow');
});

test('a step that fails is not hidden by a test that stands behind it', () => {
  const policySet = compile([
    'package access\n\ntorn := 1\n\ntorn := 2 if input.identity.mfa\n\nallow := true\n\nblock contains "x" if {\n\ttorn == 1\n\tinput.action.verb == "NEVER"\n}',
  ]);
  const decision = decideAlike(policySet, input);
  assert.is(decision.effect, 'block');
  assert.match(decision.reasons[0]?.reason ?? '', 'eval_conflict_error');
});

test('an error is reported each time it is met', () => {
  const errors: string[] = [];
  const policySet = compile([
    'package access\n\nallow := true if input.identity.mfa\n\nallow := false if input.session.id\n',
  ]);
  const decider = createDecider(policySet, { onError: ({ code }) => void errors.push(code) });
  for (let time = 0; time < 3; time += 1)
    assert.is(decider.decide(['access'], input).reasons[0]?.code, 'policy-error');
  assert.equal(errors, ['eval_conflict_error', 'eval_conflict_error', 'eval_conflict_error']);
});

/** Blocks that an exceeded limit makes, and the next decision, which must not feel it. */
function exceeding(text: string, small: PolicyInput, large: PolicyInput): void {
  const errors: string[] = [];
  const decider = createDecider(compile([text]), {
    limits: { steps: 20_000 },
    onError: ({ code }) => void errors.push(code),
  });
  assert.is(decider.decide(['access'], small).effect, 'allow');
  const { effect, reasons } = decider.decide(['access'], large);
  assert.is(effect, 'block');
  assert.is(reasons[0]?.code, 'policy-error');
  assert.match(reasons[0]?.reason ?? '', 'eval_limit_error');
  assert.equal(errors, ['eval_limit_error']);
  assert.is(decider.decide(['access'], small).effect, 'allow');
}

test('loops end with the limit of steps, and the next decision begins anew', () => {
  const groups = (count: number): PolicyInput =>
    inputOf(SELECT_CUSTOMERS, {
      ...ENGINEER,
      groups: Array.from({ length: count }, (_, at) => `g${at}`),
    });
  exceeding(
    'package access\n\nallow := true\n\nblock contains "x" if {\n\tsome a in input.identity.groups\n\tsome b in input.identity.groups\n\ta == concat("", [b, "x"])\n}',
    groups(3),
    groups(400),
  );
  exceeding(
    'package access\n\nallow := true\n\nblock contains "x" if count([1 | some a in input.identity.groups; some b in input.identity.groups; a != b]) < 0',
    groups(3),
    groups(400),
  );
});

test('what builtins do counts as steps', () => {
  const rows = (count: number): PolicyInput => ({
    ...input,
    session: { ...input.session, rows: count },
  });
  exceeding(
    'package access\n\nallow := true\n\nblock contains "x" if count(numbers.range(1, input.session.rows)) < 0',
    rows(10),
    rows(100_000),
  );
});

test('an evaluation that needs more stack than there is blocks', () => {
  const dive = (): string => `${dive()}.`;
  const endless = defineBuiltin({ name: 'host.dive', args: [], result: 'string', fn: dive });
  const errors: string[] = [];
  const policySet = compile(['package access\n\nallow if host.dive() != ""'], {
    builtins: [endless],
  });
  const decider = createDecider(policySet, { onError: ({ code }) => void errors.push(code) });
  const { effect, reasons } = decider.decide(['access'], input);
  assert.is(effect, 'block');
  assert.is(reasons[0]?.code, 'policy-error');
  assert.equal(errors, ['eval_limit_error']);
});

test('a builtin of the host may decide while a decision is made', () => {
  let decider: Decider | undefined;
  const inner = inputOf(GET_ORDERS);
  const ask = defineBuiltin({
    name: 'host.ask',
    args: ['name: string'],
    result: 'string',
    fn: () => decider?.decide(['inner'], inner).effect ?? '',
  });
  const policySet = compile(
    [
      'package access\n\nallow if {\n\thost.ask("x") == "allow"\n\tinput.action.kind == "sql"\n}',
      'package inner\n\nallow if input.action.kind == "http"',
    ],
    { builtins: [ask] },
  );
  decider = createDecider(policySet);
  assert.is(decider.decide(['access'], input).effect, 'allow');
  assert.is(decider.decide(['access'], inner).effect, 'block');
});

test('a list of packages that its caller changes is asked for anew', () => {
  const decider = createDecider(
    compile(['package a\n\nallow := true', 'package b\n\nallow := false']),
  );
  const policies = ['a'];
  assert.is(decider.decide(policies, input).effect, 'allow');
  policies[0] = 'b';
  assert.is(decider.decide(policies, input).effect, 'block');
});

test('text of a policy reaches the code of a decision only as an escaped literal', () => {
  for (const text of [
    '"); globalThis.hacked = true; ("',
    '`$' + '{globalThis.hacked = true}`',
    '*/ globalThis.hacked = true; /*',
    '\u2028globalThis.hacked = true\u2029',
    '__proto__',
  ]) {
    const quoted = JSON.stringify(text);
    const policySet = compile([
      `package access\n\nallow if {\n\tinput.identity.claims[${quoted}] == ${quoted}\n\t${quoted} in input.identity.groups\n\tstartswith(input.identity.subject, ${quoted})\n}\n\nblock contains {"code": ${quoted}, "reason": sprintf(${quoted}, [input.identity.subject])} if input.identity.subject != ${quoted}\n`,
    ]);
    const claims = Object.defineProperty({}, text, { value: text, enumerable: true });
    const identity = { ...ENGINEER, subject: text, groups: [text], claims };
    assert.is(decideAlike(policySet, inputOf(SELECT_CUSTOMERS, identity)).effect, 'allow');
    assert.is(decideAlike(policySet, input).reasons[0]?.code, text);
    assert.not.match(codeOf(policySet), 'hacked = true');
  }
  assert.is(Reflect.get(globalThis, 'hacked'), undefined);
});

test.run();
