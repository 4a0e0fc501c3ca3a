import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ActionInput, IdentityInput, PolicyInput } from '../../../engine/contract/input.ts';
import { createDecider, type Decider, POLICY_ERROR } from '../../../engine/decide.ts';
import { specialiseDecisions } from '../../../engine/partial/specialised-decider.ts';
import type { PolicySet } from '../../../engine/policy-set.ts';
import { Choices } from '../../fuzz/choices.ts';
import { compile } from '../../support/policies.ts';
import {
  AGENT,
  ENGINEER,
  GET_ORDERS,
  inputOf,
  SELECT_CUSTOMERS,
} from '../../support/policy-input.ts';

const test = suite('engine/partial/specialised-decider');

/** A copy that can never change. */
function frozen<Data>(data: Data): Data {
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  };
  const copy = structuredClone(data);
  freeze(copy);
  return copy;
}

/** A decider that counts what the whole policy is asked. */
function counted(policySet: PolicySet): { readonly whole: Decider; readonly asked: () => number } {
  const plain = createDecider(policySet);
  let asked = 0;
  const whole: Decider = {
    revision: plain.revision,
    decide(policies, input) {
      asked += 1;
      return plain.decide(policies, input);
    },
  };
  return { whole, asked: () => asked };
}

/** A clock that goes on by so many milliseconds each time it is read. */
function ticking(ms: number): () => number {
  let now = 0;
  return () => {
    now += ms;
    return now;
  };
}

const POLICY = `package access

default allow := false

allow if {
	"engineering" in input.identity.groups
	input.action.class == "read"
}

block contains {"code": "agent", "reason": "agents do not read customers"} if {
	input.identity.kind == "agent"
	some statement in input.action.sql.statements
	some table in statement.tables
	table.name == "customers"
}
`;

const SESSION = frozen(inputOf(SELECT_CUSTOMERS));

function next(action: ActionInput, session: PolicyInput = SESSION): PolicyInput {
  return { ...session, action };
}

test('after some decisions of a session the whole policy is asked no more', () => {
  const policySet = compile([POLICY]);
  const { whole, asked } = counted(policySet);
  const decider = specialiseDecisions(policySet, whole, { clock: ticking(1), afterMs: 32 });
  const plain = createDecider(policySet);
  for (let times = 0; times < 10; times += 1)
    for (const action of [SELECT_CUSTOMERS, GET_ORDERS])
      assert.equal(
        decider.decide(['access'], next(action)),
        plain.decide(['access'], next(action)),
      );
  assert.is(asked(), 2);
});

test('cheap decisions are never worth it', () => {
  const policySet = compile([POLICY]);
  const { whole, asked } = counted(policySet);
  const decider = specialiseDecisions(policySet, whole, { clock: ticking(0.000_5) });
  for (let times = 0; times < 500; times += 1) decider.decide(['access'], SESSION);
  assert.is(asked(), 500);
});

test('another identity, resource or list of packages is known anew', () => {
  const policySet = compile([POLICY, 'package extra\n\nallow if input.identity.mfa\n']);
  const { whole } = counted(policySet);
  const decider = specialiseDecisions(policySet, whole, { afterMs: 0 });
  const plain = createDecider(policySet);
  const agent = { ...SESSION, identity: frozen(AGENT) };
  const dev = { ...SESSION, resource: frozen({ ...SESSION.resource, labels: { env: 'dev' } }) };
  for (const input of [SESSION, agent, dev, SESSION])
    for (const policies of [['access'], ['access', 'extra'], ['extra'], ['nowhere']]) {
      const [got, wanted] = [decider.decide(policies, input), plain.decide(policies, input)];
      assert.equal({ ...got, reads: [] }, { ...wanted, reads: [] });
      for (const read of wanted.reads)
        assert.ok(
          got.reads.some((path) => read === path || path.startsWith(`${read}.`)),
          read,
        );
    }
});

test('an identity that may change is never taken as known', () => {
  const policySet = compile([POLICY]);
  const { whole, asked } = counted(policySet);
  const decider = specialiseDecisions(policySet, whole, { afterMs: 0 });
  const identity: { -readonly [Name in keyof IdentityInput]: IdentityInput[Name] } =
    structuredClone(ENGINEER);
  const input: PolicyInput = { ...SESSION, identity };
  assert.is(decider.decide(['access'], input).effect, 'allow');
  identity.kind = 'agent';
  assert.is(decider.decide(['access'], input).effect, 'block');
  assert.is(asked(), 2);
});

test('no more specialised policies are held than the limit', () => {
  const policySet = compile([POLICY]);
  const { whole, asked } = counted(policySet);
  const options = { clock: ticking(1), afterMs: 32, most: 2 };
  const decider = specialiseDecisions(policySet, whole, options);
  const sessions = ['a', 'b', 'c'].map((subject) => ({
    ...SESSION,
    identity: frozen({ ...ENGINEER, subject }),
  }));
  const decideAll = (those: readonly PolicyInput[]): void => {
    for (const session of those) assert.is(decider.decide(['access'], session).effect, 'allow');
  };
  // Two decisions of each are by the whole policy, the second timed; the third makes the specialised one.
  for (let times = 0; times < 3; times += 1) decideAll(sessions);
  assert.is(asked(), 6);
  decideAll(sessions.slice(1));
  assert.is(asked(), 6);
  decideAll(sessions.slice(0, 1));
  assert.is(asked(), 7);
});

test('a policy that reads nothing of the identity is decided whole', () => {
  const open = compile(['package access\n\nallow if input.action.class == "read"\n']);
  const { whole } = counted(open);
  assert.is(specialiseDecisions(open, whole), whole);
});

const CONDITIONS = [
  'input.identity.kind == "human"',
  'input.identity.kind == "agent"',
  '"engineering" in input.identity.groups',
  'some group in input.identity.groups\n\tstartswith(group, "eng")',
  'not input.identity.mfa',
  'input.resource.labels.env == "prod"',
  'input.resource.labels.team == input.identity.claims.department',
  'input.identity.on_behalf_of.subject == "u-42"',
  'is_own(input.identity.subject)',
  'input.action.class == "read"',
  'input.action.verb in verbs[input.identity.kind]',
  'some statement in input.action.sql.statements\n\tsome table in statement.tables\n\ttable.name in owned',
  'some team in teams\n\tinput.action.http.segments[0] == team',
  'every group in input.identity.groups { group != "banned" }',
  'count([g | some g in input.identity.groups; g != input.action.verb]) > 0',
  'input.context.hour >= 9',
  'conflict(input.action.verb) == 1',
  'broken == input.identity.subject',
];
const SHARED = `
verbs := {"human": {"SELECT", "GET"}, "agent": {"GET"}}

owned contains name if {
	some name in ["customers", "orders"]
	input.identity.claims.department == "payments"
}

teams contains team if some team in {"orders", input.identity.claims.department}

is_own(subject) if subject == "u-42"

is_own(subject) if subject == input.identity.on_behalf_of.subject

conflict(_) := 1

conflict(verb) := 2 if {
	verb == "GET"
	input.identity.kind == "human"
}

broken := "u-42"

broken := "x" if input.identity.kind == "agent"
`;
const HEADS = [
  'allow',
  'allow := input.identity.mfa',
  'block contains {"code": "no", "reason": "never"}',
  'block contains {"code": "who", "reason": sprintf("not %s", [input.identity.name])}',
  'require_approval contains {"code": "ask", "reason": "ask", "approvers": {"groups": input.identity.groups}}',
  'mask contains {"code": "m", "column": "*.*.email", "with": "last4"}',
  'mask contains {"code": "odd", "column": 7, "with": "last4"}',
];

function guardText(choices: Choices): string {
  const rules = choices.several(1, 5, () => {
    const body = choices.several(1, 3, () => choices.one(CONDITIONS)).join('\n\t');
    // A variable may stand once in a body only.
    const names = [...body.matchAll(/some (\w+) in/g)].map(([, name]) => name);
    const isOnce = new Set(names).size === names.length;
    return `${choices.one(HEADS)} if {\n\t${isOnce ? body : choices.one(CONDITIONS)}\n}`;
  });
  return `package access\n${SHARED}\n${rules.join('\n\n')}\n`;
}

test('specialised decisions are those of the whole policy, for generated policies', () => {
  const sessions = [ENGINEER, AGENT, { ...ENGINEER, mfa: false, groups: [] }].flatMap((identity) =>
    ['prod', 'dev'].map((env) => {
      const input = inputOf(SELECT_CUSTOMERS, identity);
      const labels = { env, team: 'payments' };
      return frozen({ ...input, resource: { ...input.resource, labels } });
    }),
  );
  const effects = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 10, maxLength: 40 }), (tape) => {
      const policySet = compile([guardText(new Choices(tape))]);
      const plain = createDecider(policySet);
      const decider = specialiseDecisions(policySet, plain, { afterMs: 0 });
      for (const session of sessions)
        for (const action of [SELECT_CUSTOMERS, GET_ORDERS]) {
          const input = next(action, session);
          const wanted = plain.decide(['access'], input);
          const got = decider.decide(['access'], input);
          // Of two literals that fail, one with an error, generated code may try either first.
          const isError = [wanted, got].some(
            ({ reasons: [first] }) => first?.code === POLICY_ERROR,
          );
          if (!isError) assert.equal({ ...got, reads: [] }, { ...wanted, reads: [] });
          const kind = isError ? 'error' : wanted.effect;
          effects.set(kind, (effects.get(kind) ?? 0) + 1);
        }
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
  for (const kind of ['allow', 'block', 'require_approval', 'error'])
    assert.ok((effects.get(kind) ?? 0) > 20, `${kind}: ${effects.get(kind)}`);
});

test('with a schedule it is specialised in slices, and the whole policy decides meanwhile', () => {
  const rules = Array.from(
    { length: 40 },
    (_, at) => `block contains "b${at}" if input.identity.subject == "x${at}"`,
  );
  const { whole, asked } = counted(
    compile([`package access\n\nallow := true\n\n${rules.join('\n\n')}`]),
  );
  const slices: (() => void)[] = [];
  const decider = specialiseDecisions(
    compile([`package access\n\nallow := true\n\n${rules.join('\n\n')}`]),
    whole,
    { afterMs: 0, clock: ticking(1), schedule: (slice) => void slices.push(slice) },
  );
  const input = frozen(inputOf(SELECT_CUSTOMERS));
  let turns = 0;
  for (; slices.length > 0 || turns === 0; turns += 1) {
    assert.is(decider.decide(['access'], input).effect, 'allow');
    assert.is(asked(), turns + 1);
    assert.is(slices.length, 1);
    slices.shift()?.();
  }
  assert.ok(turns > 5, `${turns} slices`);
  assert.is(decider.decide(['access'], input).effect, 'allow');
  assert.is(asked(), turns);
});

test('what leaves more rules than code is made of at once is decided by the whole', () => {
  const rules = Array.from(
    { length: 1_001 },
    (_, at) => `block contains "b${at}" if input.action.verb == "x${at}"`,
  );
  const policySet = compile([
    `package access\n\nallow if input.identity.mfa\n\n${rules.join('\n\n')}`,
  ]);
  const { whole, asked } = counted(policySet);
  const decider = specialiseDecisions(policySet, whole, { afterMs: 0 });
  const input = frozen(inputOf(SELECT_CUSTOMERS));
  for (let time = 1; time <= 3; time += 1) {
    decider.decide(['access'], input);
    assert.is(asked(), time);
  }
});

test.run();
