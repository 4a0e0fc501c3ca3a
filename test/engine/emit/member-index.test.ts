/** Elements found by an index are those that a walk over all of them finds, in its order: also after changes. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { patchPolicySet } from '../../../engine/data-history.ts';
import { type DataPatch, evaluatePath, fromPlain, writeJson } from '../../../engine/index.ts';
import { compilePolicies, type PolicySet } from '../../../engine/policy-set.ts';

const test = suite('engine/emit/member-index');

const POLICY = `package app

object_names contains g.name if {
	some g in data.object
	g.user == input.user
}

object_keys := [key |
	some key, g in data.object
	g.meta.kind == input.kind
	g.user != "u3"
]

array_names := [g.name |
	g := data.array[_]
	g.level == 2
]

array_keys contains i if {
	some i, g in data.array
	input.user == g.user
}

first := data.array[i].name if data.array[i].user == data.owner

default allow := false

allow if {
	some g in data.object
	g.user == input.user
	g.level == input.level
}
`;
const DOCUMENTS = ['object_names', 'object_keys', 'array_names', 'array_keys', 'allow'];

function element(index: number): Readonly<Record<string, unknown>> {
  return {
    name: `n${index}`,
    user: index % 11 === 0 ? index : `u${index % 7}`,
    level: index % 5 === 0 ? '2' : index % 4,
    ...(index % 13 === 0 ? {} : { meta: { kind: index % 3 } }),
  };
}

function compile(count: number): PolicySet {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const data = {
    owner: 'u5',
    object: Object.fromEntries(indexes.map((index) => [`k${index}`, element(index)])),
    array: indexes.map(element),
  };
  const { policySet, diagnostics } = compilePolicies({
    policies: [{ name: 'app.policy', text: POLICY }],
    data: [{ name: 'data.json', text: JSON.stringify(data) }],
  });
  if (policySet === undefined) throw new Error(diagnostics[0]?.message);
  return policySet;
}

function assertAlike(policySet: PolicySet, input: unknown): void {
  for (const name of DOCUMENTS) {
    const [compiled, reference] = (['compiled', 'interpret'] as const).map((engine) => {
      const evaluation = evaluatePath(policySet, ['app', name], { input, engine });
      if (!evaluation.ok) return evaluation.error.code;
      return evaluation.result === undefined ? 'undefined' : writeJson(evaluation.result);
    });
    assert.is(compiled, reference, `${name} of ${JSON.stringify(input)}`);
  }
}

const INPUTS = [
  { user: 'u1', kind: 1, level: 1 },
  { user: 22, kind: 0, level: '2' },
  { user: 'nobody', kind: null },
  { user: ['u1'], kind: 1.0 },
  {},
];

for (const count of [10, 100, 1_500])
  test(`both engines agree over ${count} elements, the first time and later`, () => {
    const policySet = compile(count);
    for (let round = 0; round < 3; round += 1)
      for (const input of INPUTS) assertAlike(policySet, input);
  });

test('generated code asks an index where a member is compared, and nowhere else', () => {
  const source = compile(10).code.program().source;
  assert.is(source.match(/chosenEntries\(/g)?.length, 5);
});

test('a document of very many elements is searched in fewer steps than it has elements', () => {
  const policySet = compile(20_000);
  const limits = { steps: 15_000 };
  const input = { user: 22, level: 2 };
  const options = { input, limits, engine: 'compiled' } as const;
  const evaluation = evaluatePath(policySet, ['app', 'allow'], options);
  assert.ok(evaluation.ok, evaluation.ok ? '' : evaluation.error.message);
  const walked = evaluatePath(policySet, ['app', 'allow'], { input, limits });
  assert.is(walked.ok, false);
});

test('both engines agree after any changes', () => {
  const patch = fc.record({
    op: fc.constantFrom<DataPatch['op']>('put', 'remove'),
    key: fc.nat({ max: 1_300 }),
    like: fc.nat({ max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(patch, { maxLength: 30 }), (changes) => {
      let policySet = compile(1_200);
      assertAlike(policySet, INPUTS[0]);
      for (const { op, key, like } of changes) {
        const path = ['object', `k${key}`];
        const value = fromPlain(element(like));
        const result = patchPolicySet(policySet, [
          op === 'remove' ? { op, path } : { op, path, value },
        ]);
        if (result.fault === undefined) policySet = result.policySet;
      }
      for (const input of INPUTS.slice(0, 2)) assertAlike(policySet, input);
    }),
    { numRuns: 6 },
  );
});

test.run();
