import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PolicyInput } from '../../../engine/contract/input.ts';
import {
  COMMON_SCHEMA,
  createInputValidator,
  INPUT_SCHEMAS,
  validateInput,
} from '../../../engine/contract/validate-input.ts';
import { AGENT, GET_ORDERS, inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';

const test = suite('engine/contract/validate-input');
const validate = createInputValidator();

/** A bigint is an integer to the engine; JSON Schema knows numbers only. */
function asJson(input: PolicyInput): PolicyInput {
  return { ...input, context: { ...input.context, now_ns: Number(input.context.now_ns) } };
}

/** Every object inside a document with its path. */
function* objectsIn(data: unknown, path: string): Generator<[string, Record<string, unknown>]> {
  if (typeof data !== 'object' || data === null) return;
  if (!Array.isArray(data)) yield [path, data as Record<string, unknown>];
  for (const [key, value] of Object.entries(data)) yield* objectsIn(value, `${path}/${key}`);
}

/** Objects whose keys are the user's, not ours. */
const OPEN = /\/(claims|labels|query|headers|body)(\/|$)/;

const SAMPLES = [
  ['sql', inputOf(SELECT_CUSTOMERS)],
  ['sql', inputOf(SELECT_CUSTOMERS, AGENT)],
  ['http', inputOf(GET_ORDERS)],
] as const;

for (const [kind, input] of SAMPLES) {
  test(`an input of the ${kind} types by ${input.identity.name} is valid`, () => {
    assert.equal(validate(kind, asJson(input)), []);
  });

  test(`a misspelt key anywhere in the ${kind} input by ${input.identity.name} is invalid`, () => {
    const whole = structuredClone(asJson(input));
    let objects = 0;
    for (const [path, object] of objectsIn(whole, '')) {
      if (OPEN.test(path)) continue;
      objects += 1;
      object['statments'] = 1;
      const faults = validate(kind, whole);
      assert.ok(
        faults.some((fault) => fault.message.includes('`statments`')),
        `${path} accepts a key it does not have`,
      );
      delete object['statments'];
    }
    assert.ok(objects > 8, `only ${objects} objects were tried`);
    assert.equal(validate(kind, whole), []);
  });
}

test('a value outside its list is named by its place', () => {
  const input = asJson(inputOf(SELECT_CUSTOMERS));
  const faults = validateInput('sql', { ...input, action: { ...input.action, class: 'reed' } });
  assert.equal(
    faults.map((fault) => fault.path),
    ['/action/class'],
  );
});

test('an http action is no input of a sql policy', () => {
  assert.ok(validate('sql', asJson(inputOf(GET_ORDERS))).length > 0);
});

test('every property of every schema has a description, every object of ours is closed', () => {
  let properties = 0;
  for (const [name, schema] of Object.entries({ ...INPUT_SCHEMAS, common: COMMON_SCHEMA })) {
    for (const [path, object] of objectsIn(schema, name)) {
      if (object['type'] === 'object' && !path.endsWith('/properties')) {
        assert.ok('additionalProperties' in object, `${path} is open`);
      }
      if (!path.endsWith('/properties')) continue;
      for (const [key, property] of Object.entries(object)) {
        properties += 1;
        const { description, const: constant } = property as Record<string, unknown>;
        assert.ok(
          typeof description === 'string' && description.length > 8,
          `${path}/${key} has no description`,
        );
        assert.ok(constant === undefined || constant === name, `${path}/${key}`);
      }
    }
  }
  assert.ok(properties > 150, `only ${properties} properties were seen`);
});

test.run();
