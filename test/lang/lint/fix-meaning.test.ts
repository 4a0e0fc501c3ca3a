/**
 * Fixes leave the meaning as it is: policies are made of what each fix looks for, with values of every kind and inputs that miss,
 * fit or break them, and come to the same with every fix applied.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compilePolicies,
  evaluatePath,
  fromPlain,
  type Plain,
  termText,
} from '../../../engine/index.ts';
import { applyEdits } from '../../../lang/lint/fix.ts';
import { lintModules } from '../../../lang/lint/lint.ts';
import { LINT_RULES } from '../../../lang/lint/rule-list.ts';
import { parseModule } from '../../../lang/parse.ts';

const test = suite('lang/lint/fix-meaning');

const RUNS = 400;

/** Every one of these must have been mended somewhere, or the policies made here prove nothing of it. */
const FIXED = [
  'idiomatic/pointless-sprintf',
  'idiomatic/raw-pattern',
  'idiomatic/redundant-existence-check',
  'idiomatic/single-item-in',
  'imports/redundant-alias',
  'imports/redundant-import',
  'imports/redundant-root-import',
  'performance/array-membership',
  'style/assignment-operator',
  'style/redundant-true',
  'style/yoda-condition',
  'testing/print-in-policy',
];

const text = fc.constantFrom('a', 'b', 'A b', '', 'x.y', 'äö', '1');
const quoted = text.map((value) => JSON.stringify(value));
const constant = fc.oneof(
  quoted,
  fc.constantFrom('0', '1', '2.5', 'true', 'false', 'null', '[]', '{}', 'set()', '{"a": 1}'),
);
const scalar = fc.oneof(quoted, fc.constantFrom('0', '1', '-3', 'true', 'false', 'null'));
const reference = fc.constantFrom(
  'input.a',
  'input.b',
  'input.list[0]',
  'input.list[_]',
  'input.o.k',
  'v',
);
const plainReference = fc.constantFrom('input.a', 'input.b', 'input.o.k');
const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const pattern = fc.constantFrom('"^\\\\w+$"', '"\\\\d"', '"^[a-z]\\\\.[a-z]$"', '"\\\\s\\"?"');

/** Expressions of a body, some of which a fix is for. */
const expression = fc.oneof(
  fc.tuple(scalar, operator, reference).map((parts) => parts.join(' ')),
  fc.tuple(reference, operator, constant).map((parts) => parts.join(' ')),
  fc
    .tuple(reference, fc.constantFrom('', 'not '), quoted)
    .map(([ref, not, one]) => `${not}${ref} in {${one}}`),
  fc.tuple(reference, quoted).map(([ref, one]) => `${ref} in [${one}]`),
  fc
    .tuple(reference, fc.array(quoted, { minLength: 2, maxLength: 4 }), fc.boolean())
    .map(([ref, items, negated]) => `${negated ? 'not ' : ''}${ref} in [${items.join(', ')}]`),
  fc
    .tuple(plainReference, fc.constantFrom('==', '!=', '>='), scalar)
    .map(([ref, compare, value]) => `${ref}\n\t${ref} ${compare} ${value}`),
  fc.tuple(plainReference, quoted).map(([ref, value]) => `${ref}\n\t${ref} == ${value}`),
  fc.tuple(pattern, reference).map(([one, ref]) => `regex.match(${one}, ${ref})`),
  quoted.chain((one) => reference.map((ref) => `sprintf(${one}, []) == ${ref}`)),
  reference.map((ref) => `print("saw", ${ref})`),
  reference,
);
const body = fc
  .array(expression, { minLength: 1, maxLength: 4 })
  .map((lines) => `{\n\tv := object.get(input, "a", "none")\n\t${lines.join('\n\t')}\n}`);

const rule = fc.oneof(
  body.map((lines) => `p if ${lines}`),
  body.map((lines) => `q := true if ${lines}`),
  fc.tuple(body, body).map(([lines, other]) => `r := true if ${lines} else := false if ${other}`),
  fc.tuple(quoted, body).map(([key, lines]) => `o[${key}] := true if ${lines}`),
  fc.tuple(quoted, body).map(([member, lines]) => `s contains ${member} if ${lines}`),
  body.map((lines) => `f(x) = true if ${lines}`),
  constant.map((value) => `c = ${value}`),
  fc.tuple(constant, body).map(([value, lines]) => `d = ${value} if ${lines}`),
  fc.constant('called if f(input.b)\n\nf(x) if x == "none"'),
  fc.constant('lib := [thing.x, other.y]'),
);

const imports = fc.subarray([
  'import rego.v1',
  'import future.keywords.in',
  'import data',
  'import input',
  'import data.thing as thing',
  'import data.thing as other',
]);

const policy = fc
  .tuple(imports, fc.array(rule, { minLength: 2, maxLength: 8 }))
  .map(([imported, rules]) => {
    const needed = ['import data.thing', 'import data.thing as other'].filter(
      (line) =>
        rules.some((one) => one.startsWith('lib')) &&
        !imported.some((other) => other.split(' as ')[1] === (line.split(' as ')[1] ?? 'thing')),
    );
    return `package made\n\n${[...imported, ...needed].join('\n')}\n\n${[...new Set(rules)].join('\n\n')}\n`;
  });

const value = fc.oneof(
  text,
  fc.constantFrom(0, 1, 2.5, true, false, null),
  fc.constant([]),
  fc.constant({ a: 1 }),
);
const input = fc.record(
  {
    a: value,
    b: value,
    list: fc.array(value, { maxLength: 3 }),
    o: fc.record({ k: value }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

function meaning(source: string, inputs: readonly object[]): readonly unknown[] | undefined {
  const { policySet } = compilePolicies({
    policies: [{ name: 'made.policy', text: source }],
    data: [{ name: 'data.json', text: '{"thing": {"x": 1, "y": 2}}' }],
  });
  if (policySet === undefined) return undefined;
  return inputs.map((one) => {
    const outcome = evaluatePath(policySet, ['made'], { input: fromPlain(one as Plain) });
    // Messages name places, which a fix moves.
    return outcome.ok ? termText(outcome.result ?? null) : outcome.error.code;
  });
}

test('a policy that is fixed comes to what it came to before', () => {
  const seen = new Set<string>();
  let compared = 0;
  fc.assert(
    fc.property(policy, fc.array(input, { minLength: 3, maxLength: 8 }), (written, inputs) => {
      const before = meaning(written, inputs);
      if (before === undefined) return;
      const source = { name: 'made.policy', text: written };
      const { module } = parseModule(source);
      if (module === undefined) throw new Error('it compiled, and cannot be parsed');
      const findings = lintModules([{ source, module }], LINT_RULES, {
        settingOf: () => ({ level: 'warning' }),
      }).filter(({ fix }) => fix !== undefined);
      for (const { diagnostic } of findings) seen.add(diagnostic.code.slice('lint/'.length));
      const edits = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
      const fixed = applyEdits(written, edits).text;
      compared += 1;
      assert.equal(meaning(fixed, inputs), before, fixed);
    }),
    { numRuns: RUNS, seed: 20_261_121 },
  );
  assert.equal(
    FIXED.filter((id) => !seen.has(id)),
    [],
  );
  assert.ok(compared > RUNS / 4, `${compared} of ${RUNS} compiled`);
});

test.run();
