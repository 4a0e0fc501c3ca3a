import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineBuiltin } from '../../engine/builtins/registry.ts';
import type { Decision } from '../../engine/contract/decision.ts';
import type { PolicyInput } from '../../engine/contract/input.ts';
import { createDecider, type Decider, type Interpreted } from '../../engine/decide.ts';
import type { LinkedDecision } from '../../engine/emit/compiled-set.ts';
import { member } from '../../engine/interpret/input-document.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { fromPlain } from '../../engine/value/plain.ts';
import type { Value } from '../../engine/value/value.ts';
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
  if (typeof linked === 'string') throw new Error(linked);
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

/** What a decider tells of decisions that no code makes. */
function interpretedBy(policySet: PolicySet, asked: readonly string[][]): readonly Interpreted[] {
  const told: Interpreted[] = [];
  const decider = createDecider(policySet, { onInterpreted: (each) => void told.push(each) });
  for (const policies of [...asked, ...asked]) decider.decide(policies, input);
  return told;
}

test('packages without a plan are decided by the reference, which is told once with the reason', () => {
  const policySet = compile(['package access\n\nallow := true\n\nblock := {"x"}']);
  assert.is(decideAlike(policySet, input).effect, 'block');
  assert.equal(interpretedBy(policySet, [['access']]), [
    {
      code: 'interpreted/no-plan',
      policies: ['access'],
      message: '`block` is no rule of its kind',
    },
  ]);
});

test('data at the place of a rule, and more lists of packages than are compiled, are told', () => {
  const policySet = compile(['package access\n\nallow := true']);
  const told: Interpreted[] = [];
  const options = {
    data: fromPlain({ access: { block: ['x'] } }),
    onInterpreted: (each: Interpreted) => void told.push(each),
  };
  createDecider(policySet, options).decide(['access'], input);
  assert.equal(
    told.map(({ code, message }) => `${code}: ${message}`),
    ['interpreted/data-in-place: data stand at data.access.block'],
  );
  const lists = Array.from({ length: 258 }, (_, at) => Array<string>(at + 1).fill('access'));
  assert.equal(
    interpretedBy(policySet, lists).map(({ code, policies }) => [code, policies.length]),
    [['interpreted/too-many-lists', 257]],
  );
});

/** The set with something else in the place of its code. */
function withCode(policySet: PolicySet, decision: () => LinkedDecision): PolicySet {
  const code = Object.create(policySet.code, { decision: { value: decision } });
  return { ...policySet, code };
}

test('compiling that fails is told and reported, and the reference decides', () => {
  const errors: string[] = [];
  const told: Interpreted[] = [];
  const policySet = withCode(compile(['package access\n\nallow := true']), () => {
    throw new TypeError('a defect');
  });
  const decider = createDecider(policySet, {
    onError: ({ message }) => void errors.push(message),
    onInterpreted: (each) => void told.push(each),
  });
  for (let time = 0; time < 2; time += 1)
    assert.is(decider.decide(['access'], input).effect, 'allow');
  assert.equal(errors, ['a defect']);
  assert.equal(
    told.map(({ code, message }) => `${code}: ${message}`),
    ['interpreted/compile-failed: eval_internal_error: a defect'],
  );
});

test('code that fails where the reference does not is told once', () => {
  const whole = compile(['package access\n\nallow := true']);
  const linked = whole.code.decision(whole, ['access']);
  if (typeof linked === 'string') throw new Error(linked);
  const broken = withCode(whole, () => ({
    ...linked,
    decide: () => {
      throw new TypeError('a defect');
    },
  }));
  assert.equal(interpretedBy(broken, [['access']]), [
    {
      code: 'interpreted/code-failed',
      policies: ['access'],
      message: 'eval_internal_error: a defect',
    },
  ]);
});

test('an error behind a rule that holds is told as that', () => {
  const policySet = compile([
    'package access\n\ntorn := 1 if input.identity.mfa\n\ntorn := 2 if input.session.id\n\nallow if input.action.kind == "sql"\n\nallow if torn == 1\n',
  ]);
  assert.is(decideAlike(policySet, input).effect, 'allow');
  const [told] = interpretedBy(policySet, [['access']]);
  assert.is(told?.code, 'interpreted/error-behind');
  assert.match(told?.message ?? '', 'eval_conflict_error');
});

test('an error of a policy is none of its code', () => {
  const policySet = compile([
    'package access\n\nallow := true if input.identity.mfa\n\nallow := false if input.session.id\n',
  ]);
  assert.equal(interpretedBy(policySet, [['access']]), []);
});

test('variables of the code never hide the functions it calls', () => {
  // Functions and prefixes of every number there is among these.
  const rules = Array.from(
    { length: 12 },
    (_, at) =>
      `known${at}(name) if name == "orders${at}"\n\nblock contains {"code": "c${at}", "reason": "r"} if {\n\tsome s in input.action.sql.statements\n\tstartswith(s.text, "SELECT")\n\tsome t in s.tables\n\tstartswith(t.name, "cust")\n\tnot known${at}(t.name)\n}`,
  );
  const policySet = compile([`package access\n\nallow := true\n\n${rules.join('\n\n')}`]);
  assert.equal(interpretedBy(policySet, [['access']]), []);
  assert.is(decideAlike(policySet, input).effect, 'block');
});

test('where nobody listens, the process is warned with a code', async () => {
  const warned = once(process, 'warning');
  createDecider(compile(['package access\n\nblock := {"x"}'])).decide(['access'], input);
  const [warning] = await warned;
  assert.is(warning.name, 'SallyportWarning');
  assert.is(warning.code, 'interpreted/no-plan');
  assert.match(warning.message, 'decisions by access are interpreted: `block` is no rule');
});

test('what the first decision needs is made when it is prepared', () => {
  const users = Array.from({ length: 2_000 }, (_, at) => ({ name: `u-${at}`, level: at % 5 }));
  const policySet = compile([
    'package access\n\nallow if {\n\tsome user in data.users\n\tuser.name == input.identity.subject\n\tuser.level > 1\n}\n\nblock contains "low" if low(input.identity.subject)\n\nlow(name) if {\n\tsome user in data.staff.list\n\tuser.tags.name == name\n}',
  ]);
  const staff = users.map(({ name }) => ({ tags: { name } }));
  const data = fromPlain({ users, staff: { list: staff } });
  let compiled = 0;
  const counted = withCode(policySet, () => {
    compiled += 1;
    const linked = policySet.code.decision(policySet, ['access']);
    if (typeof linked === 'string') throw new Error(linked);
    return linked;
  });
  const decider = createDecider(counted, { data });
  decider.prepare?.(['access']);
  const indexed = (...path: string[]): readonly string[] => {
    const collection = path.reduce<Value | undefined>(member, data);
    return [...(policySet.caches.indexes.get(collection as object)?.keys() ?? [])];
  };
  assert.equal([indexed('users'), indexed('staff', 'list')], [['name'], ['tags\0name']]);
  assert.is(decider.decide(['access'], input).effect, 'block');
  assert.is(compiled, 1);
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
