import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Decision } from '../../engine/contract/decision.ts';
import { createDecider, type DeciderOptions } from '../../engine/decide.ts';
import { compilePolicies } from '../../engine/policy-set.ts';
import { compile } from '../support/policies.ts';
import { AGENT, GET_ORDERS, inputOf, SELECT_CUSTOMERS } from '../support/policy-input.ts';

const test = suite('engine/decide');
const input = inputOf(SELECT_CUSTOMERS);

function decide(
  texts: readonly string[] | string,
  policies: readonly string[] = ['access'],
  options: DeciderOptions = {},
): Decision {
  const all = typeof texts === 'string' ? [`package access\n\n${texts}`] : texts;
  return createDecider(compile(all), options).decide(policies, input);
}

const ALLOW = 'allow := true';

test('allows when allow is true, and names the rule that allowed', () => {
  const decision = decide('default allow := false\n\nallow if input.identity.kind == "human"\n');
  assert.is(decision.effect, 'allow');
  assert.equal(decision.reasons, [
    {
      code: 'allowed',
      reason: 'allowed by access',
      rule: { package: 'access', name: 'allow', file: 'policy-0.policy', line: 5 },
    },
  ]);
  assert.equal(decision.reads, ['input.identity.kind']);
  assert.match(decision.revision, /^sha256:[0-9a-f]{64}$/);
});

for (const [what, text] of [
  ['allow is absent', 'block contains "no" if input.nothing'],
  [
    'allow is false by default',
    'default allow := false\n\nallow if input.identity.kind == "agent"',
  ],
  ['allow is undefined', 'allow if input.identity.kind == "agent"'],
] as const) {
  test(`blocks as not-allowed when ${what}`, () => {
    const decision = decide(text);
    assert.is(decision.effect, 'block');
    assert.equal(
      decision.reasons.map(({ code, rule }) => ({ code, rule })),
      [{ code: 'not-allowed', rule: undefined }],
    );
  });
}

test('names the rule that made allow false', () => {
  const { reasons } = decide('allow := false if input.action.class == "read"');
  assert.is(reasons[0]?.code, 'not-allowed');
  assert.is(reasons[0]?.rule?.line, 3);
});

test('an empty list of packages allows nothing', () => {
  assert.is(decide(ALLOW, []).effect, 'block');
});

test('a package that does not exist blocks as policy-error', () => {
  const decision = decide(ALLOW, ['access', 'acess']);
  assert.is(decision.effect, 'block');
  assert.is(decision.reasons[0]?.code, 'policy-error');
  assert.match(decision.reasons[0]?.reason ?? '', 'acess');
});

test('allow must be true in every package that defines it', () => {
  const texts = ['package a\n\nallow := true', 'package b\n\nallow if input.nothing'];
  assert.is(decide(texts, ['a']).effect, 'allow');
  assert.is(decide(texts, ['a', 'b']).effect, 'block');
  const guard = ['package a\n\nallow := true', 'package b\n\nblock contains "x" if input.nothing'];
  assert.is(decide(guard, ['a', 'b']).effect, 'allow');
});

test('blocks of all packages are reported, each with the definition that made it', () => {
  const decision = decide(
    [
      'package a\n\nallow := true\n\nblock contains "first"\n\nblock contains {"code": "c", "reason": "second"} if {\n\tinput.resource.labels.env == "prod"\n}\n',
      'package team.b\n\nblock contains {"code": "d", "reason": "third"}\n',
    ],
    ['a', 'team.b'],
  );
  assert.is(decision.effect, 'block');
  assert.equal(
    decision.reasons.map(({ code, reason, rule }) => [
      code,
      reason,
      `${rule?.package}.${rule?.name} ${rule?.file}:${rule?.line}`,
    ]),
    [
      ['blocked', 'first', 'a.block policy-0.policy:5'],
      ['c', 'second', 'a.block policy-0.policy:7'],
      ['d', 'third', 'team.b.block policy-1.policy:3'],
    ],
  );
});

test('an approval demand has its defaults filled in', () => {
  const decision = decide(
    `${ALLOW}\n\nrequire_approval contains {"code": "w", "reason": "writes", "approvers": {"groups": ["dba"]}}`,
  );
  assert.is(decision.effect, 'require_approval');
  assert.equal(decision.approvals, [
    {
      code: 'w',
      reason: 'writes',
      approvers: { groups: ['dba'], subjects: [] },
      quorum: 1,
      expiresMs: 1_800_000,
      scope: 'statement',
      rule: { package: 'access', name: 'require_approval', file: 'policy-0.policy', line: 5 },
    },
  ]);
  assert.equal(decision.reasons[0]?.code, 'w');
});

test('an approval demand keeps what it says', () => {
  const [demand] = decide(
    `${ALLOW}\n\nrequire_approval contains {"code": "w", "reason": "writes", "approvers": {"groups": {"b", "a"}, "subjects": ["u"]}, "quorum": 2, "expires": "1h30m", "scope": "session"}`,
  ).approvals;
  assert.equal(demand?.approvers, { groups: ['a', 'b'], subjects: ['u'] });
  assert.equal([demand?.quorum, demand?.expiresMs, demand?.scope], [2, 5_400_000, 'session']);
});

test('a block wins over an approval', () => {
  const decision = decide(
    `${ALLOW}\n\nblock contains "no"\n\nrequire_approval contains {"code": "w", "reason": "r", "approvers": {"groups": ["g"]}}`,
  );
  assert.is(decision.effect, 'block');
});

test('masks add up over packages, strictest first', () => {
  const mask = (code: string, method: string): string =>
    `mask contains {"code": "${code}", "column": "public.users.ssn", "with": "${method}"}`;
  const decision = decide(
    [
      `package a\n\nallow := true\n\n${mask('one', 'email')}\n\n${mask('two', 'hash')}`,
      `package b\n\n${mask('three', 'redact')}`,
    ],
    ['a', 'b'],
  );
  assert.is(decision.effect, 'allow');
  assert.equal(
    decision.masks.map((m) => [m.code, m.with, m.column]),
    [
      ['three', 'redact', 'public.users.ssn'],
      ['two', 'hash', 'public.users.ssn'],
      ['one', 'email', 'public.users.ssn'],
    ],
  );
});

const MALFORMED = [
  ['block contains 7', 'a member must be an object'],
  ['block contains {"code": "c"}', '`reason`'],
  ['block contains {"code": "c", "reason": "r", "sevirity": 1}', 'sevirity'],
  ['block := ["x"]', 'must be a set'],
  ['block["x"] := true', 'must be a set'],
  ['block(x) := x', 'must be a set'],
  ['require_approval contains {"code": "c", "reason": "r"}', '`approvers`'],
  ['require_approval contains {"code": "c", "reason": "r", "approvers": {}}', 'names nobody'],
  [
    'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": "dba"}}',
    'list',
  ],
  [
    'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": ["g"]}, "quorum": 0}',
    'quorum',
  ],
  [
    'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": ["g"]}, "quorum": "2"}',
    'quorum',
  ],
  [
    'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": ["g"]}, "expires": "30"}',
    'expires',
  ],
  [
    'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": ["g"]}, "expires": 30}',
    'expires',
  ],
  [
    'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": ["g"]}, "expires": "0s"}',
    'expires',
  ],
  [
    'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": ["g"]}, "scope": "ever"}',
    'scope',
  ],
  ['mask contains {"code": "c", "column": "a.b.c", "with": "blur"}', 'with'],
  ['mask contains {"code": "c", "with": "redact"}', 'exactly one'],
  [
    'mask contains {"code": "c", "column": "a.b.c", "field": "/x", "with": "redact"}',
    'exactly one',
  ],
] as const;

for (const [text, complaint] of MALFORMED) {
  test(`blocks as policy-error, naming the rule: ${text}`, () => {
    const decision = decide(`${ALLOW}\n\n${text}\n`);
    assert.is(decision.effect, 'block');
    const reason = decision.reasons.find(({ code }) => code === 'policy-error');
    assert.ok(reason?.reason.includes(complaint), reason?.reason);
    assert.is(reason?.rule?.line, 5);
  });
}

test('allow that is neither true nor false blocks as policy-error', () => {
  const decision = decide('allow := "yes"');
  assert.is(decision.effect, 'block');
  assert.is(decision.reasons[0]?.code, 'policy-error');
});

test('a conflict blocks as policy-error and names both rules', () => {
  const decision = decide(
    'allow := true if input.identity.mfa\n\nallow := false if input.session.id\n',
  );
  assert.is(decision.effect, 'block');
  const [reason] = decision.reasons;
  assert.is(reason?.code, 'policy-error');
  assert.match(reason?.reason ?? '', /policy-0\.policy:3: eval_conflict_error.*policy-0\.policy:5/);
});

test('an exceeded limit blocks as policy-error', () => {
  const decision = decide(
    'allow if count([1 | numbers.range(1, 1000)[_] < numbers.range(1, 1000)[_]]) > 0',
    ['access'],
    { limits: { steps: 10_000 } },
  );
  assert.is(decision.effect, 'block');
  assert.match(decision.reasons[0]?.reason ?? '', 'eval_limit_error');
});

test('a decision that takes too long by the clock it is given blocks', () => {
  let now = 0;
  const clock = (): number => {
    now += 1_000_000;
    return now;
  };
  const text = 'allow if count([1 | numbers.range(1, 3000)[_] > 0]) > 0';
  const decision = decide(text, ['access'], { clock });
  assert.is(decision.effect, 'block');
  assert.match(decision.reasons[0]?.reason ?? '', 'eval_limit_error');
});

test('data that stands where the decision looks for a rule blocks', () => {
  const { policySet } = compilePolicies({
    policies: [{ name: 'a.policy', text: 'package access\n\nblock contains "x" if input.nothing' }],
    data: [{ name: 'd.json', text: '{"access": {"allow": true}}' }],
  });
  assert.ok(policySet);
  const decision = createDecider(policySet).decide(['access'], input);
  assert.is(decision.effect, 'block');
  assert.is(decision.reasons[0]?.code, 'policy-error');
});

test('an input that is no data blocks instead of throwing', () => {
  const decider = createDecider(compile(['package access\n\nallow if input.identity']));
  const broken = { ...input, identity: (() => 1) as unknown as typeof input.identity };
  const decision = decider.decide(['access'], broken);
  assert.is(decision.effect, 'block');
  assert.is(decision.reasons[0]?.code, 'policy-error');
});

test('an absent context blocks instead of throwing', () => {
  const decider = createDecider(compile(['package access\n\nallow := true']));
  const decision = decider.decide(['access'], { ...input, context: undefined } as never);
  assert.is(decision.effect, 'block');
});

test('a prototype is no input', () => {
  assert.is(decide('allow if input.identity.constructor').effect, 'block');
  assert.is(decide('allow if input.identity.claims.toString').effect, 'block');
});

test('reads holds every place of the input that was looked at, absent ones too', () => {
  const decision = decide(
    'allow if {\n\tsome s in input.action.sql.statements\n\ts.class == "read"\n\tnot input.identity.on_behalf_of\n}\n',
  );
  assert.equal(decision.reads, ['input.action.sql.statements', 'input.identity.on_behalf_of']);
});

test('the shorter decisions of several identities come from one decider', () => {
  const decider = createDecider(
    compile(['package access\n\nallow if input.identity.on_behalf_of.subject == "u-42"']),
  );
  assert.is(decider.decide(['access'], inputOf(SELECT_CUSTOMERS, AGENT)).effect, 'allow');
  assert.is(decider.decide(['access'], inputOf(GET_ORDERS)).effect, 'block');
});

test('the revision changes with a text and with a name, not with the order of files', () => {
  const a = { name: 'a.policy', text: 'package a\n\nx := 1' };
  const b = { name: 'b.policy', text: 'package b\n\nx := 1' };
  const revision = (policies: readonly (typeof a)[]): string =>
    compilePolicies({ policies }).policySet?.revision ?? '';
  assert.is(revision([a, b]), revision([b, a]));
  assert.is.not(revision([a, b]), revision([a, { ...b, text: 'package b\n\nx := 2' }]));
  assert.is.not(revision([a, b]), revision([a, { ...b, name: 'c.policy' }]));
});

test.run();
