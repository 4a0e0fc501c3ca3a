import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonSchema } from '../../../lang/types/schema.ts';
import { check, faultsOfModules } from '../../support/checked.ts';

const test = suite('lang/types/annotated-schemas');
const string = { type: 'string' };
const schemas = new Map<string, JsonSchema>([
  ['schema.person', { type: 'object', properties: { name: string, age: { type: 'number' } } }],
  ['schema.pod', { type: 'object', properties: { image: string } }],
]);
const faults = (...texts: readonly string[]): readonly string[] =>
  faultsOfModules(texts, { schemas });
const messages = (text: string): readonly string[] =>
  check([text], { schemas }).diagnostics.map(
    ({ message, help }) => `${message}${help === undefined ? '' : ` (${help})`}`,
  );

const INPUT_IS_PERSON = '# METADATA\n# schemas:\n#   - input: schema.person\n';

test('a schema above a rule types what the rule reads, and nothing else', () => {
  assert.equal(
    faults(`package p\n${INPUT_IS_PERSON}a if input.nam == "x"\nb if input.nam == "x"\n`),
    ['type/undefined-field: .nam'],
  );
  assert.equal(messages(`package p\n${INPUT_IS_PERSON}a if input.nam == "x"\n`), [
    '`input` has no field `nam` (did you mean `name`?)',
  ]);
  assert.equal(faults(`package p\n${INPUT_IS_PERSON}a if input.age == "x"\n`), [
    'type/match: input.age == "x"',
  ]);
});

test('a schema written in the block needs nobody to register it', () => {
  const text =
    'package p\n# METADATA\n# schemas:\n#   - input: {properties: {a: {type: number}}}\nq if input.b\n';
  assert.equal(faultsOfModules([text]), ['type/undefined-field: .b']);
});

test('a schema of the package holds in its rules, one of subpackages below it', () => {
  const scope = (name: string, at: string): string =>
    `# METADATA\n# scope: ${name}\n# schemas:\n#   - input: schema.person\npackage ${at}\n`;
  const reading = 'q if input.image == "x"\n';
  assert.equal(faults(`${scope('package', 'p')}${reading}`), ['type/undefined-field: .image']);
  assert.equal(faults(scope('package', 'p'), `package p.inner\n${reading}`), []);
  assert.equal(faults(scope('subpackages', 'p'), `package p.inner\n${reading}`), [
    'type/undefined-field: .image',
  ]);
});

test('the narrower scope overrides the wider one', () => {
  const text = `# METADATA
# scope: package
# schemas:
#   - input: schema.person
package p

# METADATA
# schemas:
#   - input: schema.pod
a if input.image == "x"

b if input.image == "x"
`;
  assert.equal(faults(text), ['type/undefined-field: .image']);
});

test('a schema of a part replaces that part of what is known', () => {
  const text = `package p
# METADATA
# schemas:
#   - input: schema.person
#   - input.name: schema.pod
a if {
	input.name.image == "x"
	input.name.imag == "x"
	input.age == 1
}
`;
  assert.equal(faults(text), ['type/undefined-field: .imag']);
});

test('a schema of a part of an unknown document leaves the rest open', () => {
  const text = `package p
# METADATA
# schemas:
#   - input.who: schema.person
a if {
	input.other.thing == 1
	input.who.nam == "x"
}
`;
  assert.equal(faults(text), ['type/undefined-field: .nam']);
});

test('a schema below data types the base document beside the rules', () => {
  const text = `package p
# METADATA
# schemas:
#   - data.people: schema.person
a if {
	b
	data.people.nam == "x"
}

b := 1
`;
  assert.equal(faults(text), ['type/undefined-field: .nam']);
});

test('a name nobody registered is a fault where names are registered, and says nothing elsewhere', () => {
  const text = 'package p\n# METADATA\n# schemas:\n#   - input: schema.persn\nq if input.b\n';
  assert.equal(messages(text), [
    'there is no schema `schema.persn` (did you mean `schema.person`?)',
  ]);
  assert.equal(faultsOfModules([text]), []);
});

test('a schema in a block that branches without end is cut', () => {
  const branches = Array.from({ length: 30 }, (_, at) => `p${at}: {$ref: "#"}`).join(', ');
  const text = `package p\n# METADATA\n# schemas:\n#   - input: {properties: {${branches}}}\nq if input.b\n`;
  assert.equal(faultsOfModules([text]), ['type/undefined-field: .b']);
});

test('a schema above a rule says nothing of its else branches, one of the document does', () => {
  const rule = 'q := 1 if input.name == "x"\nelse := 2 if input.nam == "x"\n';
  assert.equal(faults(`package p\n${INPUT_IS_PERSON}${rule}`), []);
  const scoped = INPUT_IS_PERSON.replace('\n', '\n# scope: document\n');
  assert.equal(faults(`package p\n${scoped}${rule}`), ['type/undefined-field: .nam']);
});

test('as much is taken from a schema as OPA takes: one of several types, nothing of null and of further properties', () => {
  const faultsWith = (schema: string, body: string): readonly string[] =>
    faults(`package p\n# METADATA\n# schemas:\n#   - input: ${schema}\nq if ${body}\n`);
  assert.equal(
    faultsWith('{type: object, additionalProperties: {type: string}}', 'input.b == 1'),
    [],
  );
  assert.equal(faultsWith('{properties: {a: {type: "null"}}}', 'input.a == 1'), []);
  assert.equal(faultsWith('{properties: {a: {type: [number, string]}}}', 'input.a == 1'), [
    'type/match: input.a == 1',
  ]);
});

test('a schema that cannot be used is a fault that says why', () => {
  const why = (schema: string): readonly string[] =>
    messages(`package p\n# METADATA\n# schemas:\n#   - input: ${schema}\nq if input.b\n`);
  for (const [schema, message] of [
    ['{"$ref": "http://example.com/x.json"}', /nothing is found at `http:\/\/example.com\/x.json`/],
    ['{properties: {a: {"$ref": "#/definitions/none"}}}', /nothing is found/],
    ['{allOf: [{type: string}, {type: number}]}', /types of the schemas in an `allOf` differ/],
    ['{type: object, allOf: [{type: string}]}', /types of the schemas in an `allOf` differ/],
  ] as const) {
    assert.is(why(schema).length, 1, schema);
    assert.match(why(schema)[0] ?? '', message);
  }
  const held = '{allOf: [{type: object, properties: {b: {type: string}}}, {type: object}]}';
  assert.equal(why(held), []);
});

test.run();
