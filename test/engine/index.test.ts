/** The public face of the engine, used as an embedding program would: nothing but its index. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compilePolicies,
  createDecider,
  defineBuiltin,
  describeError,
  evaluatePath,
  evaluateQuery,
  fromPlain,
  type PolicySet,
  prepareQuery,
  readJson,
  termText,
  toPlain,
  writeJson,
} from '../../engine/index.ts';

const test = suite('engine/index');

const POLICY = `package access

default allow := false

allow if input.user in data.staff

block contains "closed" if office.closed(input.hour)

sizes := {n | some n in [1, 2, input.big]}
`;
const DATA = { name: 'data.json', text: '{"staff": ["ada"]}' };
const closed = defineBuiltin({
  name: 'office.closed',
  args: ['hour: number'],
  result: 'boolean',
  fn: (_ctx, hour) => typeof hour === 'number' && hour >= 18,
});

function compile(text: string): PolicySet {
  const { policySet, diagnostics } = compilePolicies(
    { policies: [{ name: 'access.policy', text }], data: [DATA] },
    { builtins: [closed] },
  );
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}

test('a document is asked for with an input, and says what it read', () => {
  const answer = evaluatePath(compile(POLICY), ['access', 'allow'], { input: { user: 'ada' } });
  assert.ok(answer.ok);
  assert.is(answer.result, true);
  assert.equal(answer.reads, ['input.user']);
});

test('a query gives every solution, with numbers as they were written', () => {
  const policySet = compile(POLICY);
  const reading = readJson('{"big": 12345678901234567890}');
  assert.ok(reading.ok);
  const { query } = prepareQuery(policySet, 'some size in data.access.sizes');
  assert.ok(query);
  const answer = evaluateQuery(policySet, query, { input: reading.value });
  assert.ok(answer.ok);
  const sizes = answer.result.map(({ size = null }) => writeJson(size));
  assert.equal(sizes, ['1', '2', '12345678901234567890']);
});

test('a builtin of the host is called, typed and decided by', () => {
  const policySet = compile(POLICY);
  const block = evaluatePath(policySet, ['access', 'block'], { input: { hour: 20 } });
  assert.ok(block.ok);
  assert.is(block.result === undefined ? '' : termText(block.result), '{"closed"}');
  const { diagnostics } = compilePolicies(
    { policies: [{ name: 'a', text: 'package a\n\nb if office.closed("late")\n' }] },
    { builtins: [closed] },
  );
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['type/argument'],
  );
});

test('a fault of the text is a value, and so is one of the evaluation', () => {
  const { policySet, diagnostics } = compilePolicies({
    policies: [{ name: 'a', text: 'package a\nb if x\n' }],
  });
  assert.is(policySet, undefined);
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['check/unsafe-var'],
  );
  const conflict = compile('package c\n\nx := input.a\n\nx := input.b\n');
  const answer = evaluatePath(conflict, ['c', 'x'], { input: { a: 1, b: 2 } });
  assert.not.ok(answer.ok);
  if (!answer.ok) {
    assert.is(answer.error.code, 'eval_conflict_error');
    assert.match(describeError(answer.error), 'conflict');
  }
});

test('a query with a fault has diagnostics and no query', () => {
  const { query, diagnostics } = prepareQuery(compile(POLICY), 'data.access.allow = y; z > 1');
  assert.is(query, undefined);
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['check/unsafe-var'],
  );
});

test('values come from plain data and go back', () => {
  const plain = { a: [1, 'x', null, true], b: { c: 2.5 } };
  assert.equal(toPlain(fromPlain(plain)), plain);
});

test('a decider has the revision of its policies, and blocks what it cannot evaluate', () => {
  const policySet = compile('package access\n\nallow if input.action.kind == "http"\n');
  const decider = createDecider(policySet);
  assert.is(decider.revision, policySet.revision);
  assert.match(decider.revision, /^sha256:[0-9a-f]{64}$/);
});

test('a module named in METADATA is checked by a schema of the host', () => {
  const text = 'package a\n# METADATA\n# schemas:\n#   - input: schema.person\nb if input.nam\n';
  const schemas = { 'schema.person': { properties: { name: { type: 'string' } } } };
  const { diagnostics } = compilePolicies({ policies: [{ name: 'a', text }] }, { schemas });
  assert.equal(
    diagnostics.map(({ help }) => help),
    ['did you mean `name`?'],
  );
});

test.run();
