import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilePolicies } from '../../engine/policy-set.ts';
import { writeJson } from '../../engine/value/json.ts';

const test = suite('engine/data-documents');

interface Document {
  readonly name: string;
  readonly text: string;
  readonly at?: readonly string[];
}

/** The base document as JSON, else the codes of what is wrong with it. */
function read(...data: readonly Document[]): string {
  const policies = [{ name: 'p.policy', text: 'package p.rules\n\nx := 1\n' }];
  const { policySet, diagnostics } = compilePolicies({ policies, data });
  return policySet ? writeJson(policySet.data) : diagnostics.map(({ code }) => code).join();
}

test('a document fills its place, beside what others fill', () => {
  const nested = { name: 'a/b/data.json', text: '[1]', at: ['a', 'b'] };
  assert.is(read(nested, { name: 'data.json', text: '{"a":{"c":2}}' }), '{"a":{"b":[1],"c":2}}');
});

test('two values for one place, a value where a rule stands and a root that is no object are faults', () => {
  const fill = { name: 'a/data.json', text: '{"b":1}', at: ['a'] };
  assert.is(read(fill, { name: 'data.json', text: '{"a":{"b":2}}' }), 'check/data-conflict');
  const rule = { name: 'p/rules/data.json', text: '{"x":2}', at: ['p', 'rules'] };
  assert.is(read(rule), 'check/data-conflict');
  assert.is(read({ name: 'data.json', text: '[1]' }), 'check/data-syntax');
});

test('a fault of a document is told at its place, a conflict with the other document', () => {
  const told = (...data: readonly Document[]): readonly string[] =>
    compilePolicies({ policies: [], data }).diagnostics.map(
      ({ source, span, message }) => `${source.name}:${span.start}: ${message}`,
    );
  assert.equal(told({ name: 'data.json', text: '{"a": 1,}' }), [
    "data.json:8: this JSON cannot be read: invalid character '}' looking for beginning of object key string",
  ]);
  assert.equal(told({ name: 'data.yaml', text: 'a: 1\nb: [' }), [
    "data.yaml:5: this YAML cannot be read: did not find expected ',' or ']'",
  ]);
  assert.equal(
    told({ name: 'a.json', text: '{"a":{"b":1}}' }, { name: 'b.json', text: '{"a":{"b":2}}' }),
    ['b.json:0: `data.a.b` has a value in a.json too'],
  );
});

test('YAML is read as OPA reads it', () => {
  const text = 'a: 0o17\nb: 1_000\nc: yes\nd: 2020-01-01\n1: 0x1F\n';
  assert.is(
    read({ name: 'data.yaml', text }),
    '{"1":31,"a":15,"b":1000,"c":"yes","d":"2020-01-01"}',
  );
  assert.is(read({ name: 'data.yaml', text: 'a: [' }), 'check/data-syntax');
});

test('where a document lies is part of the revision', () => {
  const revision = (at: readonly string[]): string | undefined =>
    compilePolicies({ policies: [], data: [{ name: 'data.json', text: '{"b":1}', at }] }).policySet
      ?.revision;
  assert.is(revision(['a']), revision(['a']));
  assert.is.not(revision(['a']), revision(['b']));
  assert.is.not(revision(['a']), revision([]));
});

test.run();
