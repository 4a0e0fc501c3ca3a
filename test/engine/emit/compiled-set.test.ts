import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluatePath, evaluateQuery } from '../../../engine/evaluate.ts';
import { compilePolicies, type PolicySet } from '../../../engine/policy-set.ts';
import { prepareQuery } from '../../../engine/prepare-query.ts';
import { toPlain } from '../../../engine/value/plain.ts';

const test = suite('engine/emit/compiled-set');

function compile(text: string): PolicySet {
  const { policySet, diagnostics } = compilePolicies({ policies: [{ name: 'p.rego', text }] });
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}

function answer(policySet: PolicySet, input: unknown): unknown {
  const options = { input, engine: 'compiled' } as const;
  const evaluation = evaluatePath(policySet, ['p'], options);
  if (!evaluation.ok) return evaluation.error.code;
  return evaluation.result === undefined ? undefined : toPlain(evaluation.result);
}

const HOSTILE = [
  `"); globalThis.hacked = true; ("`,
  '$' + '{globalThis.hacked = true}',
  '*/ globalThis.hacked = true; /*',
  '</script>',
  '\u2028globalThis.hacked = true\u2029',
  '`; globalThis.hacked = true; `',
  '__proto__',
  'constructor',
  '\\u0022',
];

test('text of a policy reaches generated code only as an escaped literal', () => {
  for (const text of HOSTILE) {
    const quoted = JSON.stringify(text);
    const policySet = compile(
      `package p\n\nv := ${quoted}\n\nsame if input[${quoted}] == ${quoted}\n\nf(x) := {${quoted}: x}\n\nw := f(${quoted})`,
    );
    const input = Object.defineProperty({}, text, { value: text, enumerable: true });
    const got = answer(policySet, input) as Record<string, unknown>;
    assert.is(got['v'], text);
    assert.is(got['same'], true);
    assert.equal(Object.keys(got['w'] as object), [text]);
    assert.not.ok(policySet.code.program().source.includes('hacked = true'));
  }
  assert.is(Reflect.get(globalThis, 'hacked'), undefined);
});

test('names that a prototype has are no members of an input', () => {
  const policySet = compile(
    'package p\n\nfound contains name if {\n\tsome name in ["constructor", "__proto__", "toString", "length", "tag"]\n\tinput.o[name]\n}\n\nfound contains "direct" if input.o.constructor\n\nfound contains "list" if input.xs.length\n',
  );
  assert.equal(answer(policySet, { o: {}, xs: [1] }), { found: [] });
});

test('no function of the generated code is thrown out of for what is undefined', () => {
  const policySet = compile('package p\n\nv := input.a.b.c\n\nn if not input.a.b');
  assert.equal(answer(policySet, {}), { n: true });
  assert.not.match(policySet.code.program().source, /\b(?:throw|try|catch)\b/);
});

test('a loop that goes on ends with the limit of steps', () => {
  const policySet = compile(
    'package p\n\nv := count([1 | some a in input.xs; some b in input.xs; some c in input.xs; a == b + c])',
  );
  const input = { xs: Array.from({ length: 100 }, (_, at) => at + 1) };
  const options = { input, engine: 'compiled', limits: { steps: 10_000 } } as const;
  const evaluation = evaluatePath(policySet, ['p'], options);
  assert.is(evaluation.ok ? 'ok' : evaluation.error.code, 'eval_limit_error');
});

test('a conflict names both definitions', () => {
  const policySet = compile('package p\n\nv := 1 if input.a\n\nv := 2 if input.b');
  const options = { input: { a: true, b: true }, engine: 'compiled' } as const;
  const evaluation = evaluatePath(policySet, ['p', 'v'], options);
  assert.ok(!evaluation.ok);
  if (!evaluation.ok) {
    assert.is(evaluation.error.code, 'eval_conflict_error');
    assert.equal(
      evaluation.error.places.map(({ line }) => line),
      [3, 5],
    );
  }
});

test('a query may replace what the set itself never replaces', () => {
  const policySet = compile('package p\n\nv := data.q.x\n\nf(x) := x + 1\n\nw := f(1)');
  const { query } = prepareQuery(
    policySet,
    'a := data.p.v with data.q.x as 7; b := data.p.w with data.p.f as 9; c := data.p.w',
  );
  assert.ok(query);
  if (query === undefined) return;
  const evaluation = evaluateQuery(policySet, query, { engine: 'compiled' });
  assert.equal(evaluation.ok && evaluation.result, [{ a: 7, b: 9, c: 2 }]);
});

test.run();
