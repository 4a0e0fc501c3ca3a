import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PolicyInput } from '../../engine/contract/input.ts';
import { createDecider, type Decider } from '../../engine/decide.ts';
import { cacheDecisions, MAX_CACHED_DECISIONS } from '../../engine/decision-cache.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import { BASE_DOCUMENT, generateCase } from '../fuzz/generate-module.ts';
import { compile } from '../support/policies.ts';
import { AGENT, GET_ORDERS, inputOf, SELECT_CUSTOMERS } from '../support/policy-input.ts';
import { projectRoot } from '../support/source-files.ts';

const test = suite('engine/decision-cache');

/** A cached decider, the same without a cache, and how many decisions were made for the cache. */
function cachedAndPlain(policySet: PolicySet): {
  readonly cached: Decider;
  readonly plain: Decider;
  readonly made: () => number;
} {
  const plain = createDecider(policySet);
  let made = 0;
  const counting: Decider = {
    revision: plain.revision,
    decide(policies, input) {
      made += 1;
      return plain.decide(policies, input);
    },
  };
  return { cached: cacheDecisions(counting, policySet), plain, made: () => made };
}

/** How many decisions two inputs take under rules of package `p`. */
function madeFor(rules: string, first: PolicyInput, second: PolicyInput): number {
  const { cached, plain, made } = cachedAndPlain(compile([`package p\n\n${rules}\n`]));
  for (const input of [first, second])
    assert.equal(cached.decide(['p'], input), plain.decide(['p'], input));
  return made();
}

const INPUT = inputOf(SELECT_CUSTOMERS);
const VERB_RULES = 'allow if input.action.verb == "SELECT"';

function withContext(context: Partial<PolicyInput['context']>): PolicyInput {
  return { ...INPUT, context: { ...INPUT.context, ...context } };
}

const LEAVES: readonly unknown[] = [null, true, false, 0, 1, '', 'a', '1', [], {}, undefined];

/** A copy of plain data with one place replaced, chosen by the numbers. */
function replaceOne(value: unknown, choices: readonly number[]): unknown {
  const [choice = 0, ...rest] = choices;
  const isLeaf = typeof value !== 'object' || value === null;
  const names = isLeaf ? [] : Object.keys(value);
  const name = names[choice % (names.length + 1)];
  if (isLeaf || name === undefined) return LEAVES[choice % LEAVES.length];
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === name ? (replaceOne(item, rest) ?? null) : item));
  return { ...value, [name]: replaceOne((value as Record<string, unknown>)[name], rest) };
}

function freezeAll(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freezeAll(member);
}

/** Asks for every input twice; a decision from the cache must be the one made without it. */
function assertSameDecisions(
  policySet: PolicySet,
  packages: readonly string[],
  inputs: readonly PolicyInput[],
): { readonly asked: number; readonly made: number } {
  const { cached, plain, made } = cachedAndPlain(policySet);
  const rounds = [...inputs, ...inputs.toReversed()];
  for (const input of rounds)
    assert.equal(cached.decide(packages, input), plain.decide(packages, input));
  return { asked: rounds.length, made: made() };
}

const GUARD = `package guard

allow if count(data.fuzz) > 0

block contains {"code": "seen", "reason": sprintf("%v", [data.fuzz])} if count(data.fuzz) > 1
`;

const changes = fc.array(fc.array(fc.nat(60), { minLength: 2, maxLength: 6 }), { maxLength: 8 });

test('a decision from the cache is the decision, for generated policies and inputs', () => {
  const tapes = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 320, size: 'max' });
  let found = 0;
  fc.assert(
    fc.property(tapes, changes, fc.boolean(), (tape, edits, isFrozen) => {
      const example = generateCase(tape);
      const modules = example.modules.map((text, at) => ({ name: `fuzz${at}.rego`, text }));
      const { policySet } = compilePolicies({
        policies: [...modules, { name: 'guard.policy', text: GUARD }],
        data: [{ name: 'base.json', text: `{"base": ${BASE_DOCUMENT}}` }],
      });
      const first: unknown = JSON.parse(example.input);
      if (policySet === undefined || typeof first !== 'object') return;
      const given = [first, ...edits.map((edit) => replaceOne(first, edit))]
        .filter((each) => typeof each === 'object' && each !== null && !Array.isArray(each))
        .map((each) => ({ ...(each as PolicyInput), context: structuredClone(INPUT.context) }));
      if (isFrozen) freezeAll(given);
      const { asked, made } = assertSameDecisions(policySet, ['guard'], given);
      found += asked - made;
    }),
    { numRuns: 300, seed: 5 },
  );
  assert.ok(found > 300, `only ${found} decisions were found again`);
});

test('a decision from the cache is the decision, for the shipped policies', () => {
  const shipped = [
    ['postgres/guardrails.policy', 'guardrails.postgres'],
    ['http/guardrails.policy', 'guardrails.http'],
  ] as const;
  const texts = shipped.map(([file]) => readFileSync(join(projectRoot, 'policies', file), 'utf8'));
  const policySet = compile(texts, { inputSchema: 'contract' });
  const models = [
    INPUT,
    inputOf(GET_ORDERS),
    inputOf(SELECT_CUSTOMERS, AGENT),
    inputOf({ ...SELECT_CUSTOMERS, verb: 'DROP TABLE', class: 'ddl' }),
  ];
  let found = 0;
  fc.assert(
    fc.property(fc.constantFrom(...models), changes, (model, edits) => {
      const inputs = [model, ...edits.map((edit) => replaceOne(model, edit) as PolicyInput)];
      const known = inputs.filter((input) => input?.context?.now_ns !== undefined);
      const { asked, made } = assertSameDecisions(
        policySet,
        shipped.map(([, name]) => name),
        known,
      );
      found += asked - made;
    }),
    { numRuns: 200, seed: 6 },
  );
  assert.ok(found > 300, `only ${found} decisions were found again`);
});

test('an input that differs where no rule reads is decided once', () => {
  assert.is(madeFor(VERB_RULES, INPUT, withContext({ now_ns: 7n, hour: 3, grants: [] })), 1);
  assert.is(madeFor(VERB_RULES, INPUT, inputOf({ ...SELECT_CUSTOMERS, verb: 'DELETE' })), 2);
});

test('a decision by the hour or weekday holds until that ends', () => {
  const rules = 'allow if {\n\tinput.context.hour < 10\n\tinput.context.weekday != "Sunday"\n}';
  assert.is(madeFor(rules, INPUT, withContext({ now_ns: 7n })), 1);
  assert.is(madeFor(rules, INPUT, withContext({ hour: 10 })), 2);
  assert.is(madeFor(rules, INPUT, withContext({ weekday: 'Sunday' })), 2);
});

test('a grant that comes or goes ends a decision that reads grants', () => {
  const rules = 'allow if some grant in input.context.grants';
  assert.is(madeFor(rules, INPUT, withContext({ grants: [] })), 2);
  assert.is(madeFor(rules, INPUT, structuredClone(INPUT)), 1);
});

test('a decision that reads the instant, what is counted or all of the input is made each time', () => {
  for (const read of ['context.now_ns', 'context.time', 'context', 'session.actions', 'session'])
    assert.is(madeFor(`allow if input.${read}`, INPUT, INPUT), 2, read);
  assert.is(madeFor('allow if json.marshal(input) != ""', INPUT, INPUT), 2);
});

test('an input that is changed in place is decided anew, frozen or not', () => {
  const { cached } = cachedAndPlain(
    compile([`package p\n\nallow if "dba" in input.identity.groups`]),
  );
  const groups: string[] = [];
  const input = { ...INPUT, identity: { ...INPUT.identity, groups } };
  Object.freeze(input.identity);
  assert.is(cached.decide(['p'], input).effect, 'block');
  groups.push('dba');
  assert.is(cached.decide(['p'], input).effect, 'allow');
});

test('lists of packages do not share decisions', () => {
  const policySet = compile([
    'package p\n\nallow if input.action.verb == "SELECT"',
    'package q\n\nblock contains "no" if input.action.verb == "SELECT"',
  ]);
  const { cached, plain } = cachedAndPlain(policySet);
  for (const packages of [['p'], ['q'], ['p', 'q'], ['q', 'p'], ['p']])
    assert.equal(cached.decide(packages, INPUT), plain.decide(packages, INPUT));
});

test('a fault of a policy is met and reported each time', () => {
  let errors = 0;
  const policySet = compile(['package p\n\nallow := 1 if input.action.verb\n\nallow := 2 if true']);
  const decider = createDecider(policySet, {
    onError: () => {
      errors += 1;
    },
  });
  const cached = cacheDecisions(decider, policySet);
  for (let round = 1; round <= 3; round += 1) {
    assert.is(cached.decide(['p'], INPUT).effect, 'block');
    assert.is(errors, round);
  }
});

test('an instant that is none blocks although no rule reads it', () => {
  const { cached } = cachedAndPlain(compile([`package p\n\n${VERB_RULES}`]));
  assert.is(cached.decide(['p'], INPUT).effect, 'allow');
  assert.is(cached.decide(['p'], withContext({ now_ns: 1.5 })).effect, 'block');
});

test('nobody can change what others are given', () => {
  const { cached } = cachedAndPlain(compile([`package p\n\n${VERB_RULES}`]));
  const decision = cached.decide(['p'], INPUT);
  assert.throws(() => Object.assign(decision, { effect: 'block' }), /read only/);
  assert.throws(() => Array.prototype.push.call(decision.masks, {}), /not extensible/);
  assert.is(cached.decide(['p'], INPUT), decision);
});

test('only so many decisions are kept, those asked for last', () => {
  const { cached, made } = cachedAndPlain(compile([`package p\n\n${VERB_RULES}`]));
  const ask = (verb: string): void =>
    void cached.decide(['p'], inputOf({ ...SELECT_CUSTOMERS, verb }));
  ask('first');
  for (let at = 0; at < MAX_CACHED_DECISIONS; at += 1) {
    ask(`verb ${at}`);
    ask('first');
  }
  assert.is(made(), MAX_CACHED_DECISIONS + 1);
  ask('verb 0');
  assert.is(made(), MAX_CACHED_DECISIONS + 2);
});

test('where deciding costs little nothing is looked up, and where it begins to cost much everything is', () => {
  const policySet = compile(['package access\n\nallow if input.identity.kind == "human"']);
  const plain = createDecider(policySet);
  let [made, nowMs, costMs] = [0, 0, 0.001];
  const counting: Decider = {
    revision: plain.revision,
    decide(policies, input) {
      made += 1;
      nowMs += costMs;
      return plain.decide(policies, input);
    },
  };
  const cached = cacheDecisions(counting, policySet, { fromUs: 20, clock: () => nowMs });
  const input = inputOf(SELECT_CUSTOMERS);
  const decideOften = (): number => {
    const before = made;
    for (let at = 0; at < 1_000; at += 1)
      assert.is(cached.decide(['access'], input).effect, 'allow');
    return made - before;
  };
  assert.is(decideOften(), 1_000);
  costMs = 1;
  const dear = decideOften();
  assert.ok(dear < 200, `${dear} were made anew`);
  assert.is(decideOften(), 0);
});

test.run();
