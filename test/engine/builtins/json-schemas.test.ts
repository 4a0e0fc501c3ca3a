/** Results are those of OPA. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callBuiltin } from '../../support/builtin-calls.ts';
import { resultsOf } from '../../support/builtin-results.ts';

const test = suite('engine/builtins/json-schemas');

const RESULTS: readonly (readonly [call: string, result: unknown])[] = [
  ['json.verify_schema("{")', [false, 'jsonschema: invalid JSON string']],
  [
    'json.verify_schema({"multipleOf": 0})',
    [false, 'jsonschema: multipleOf must be strictly greater than 0'],
  ],
  ['json.verify_schema({"pattern": "("})', [false, 'jsonschema: pattern must be a valid regex']],
  [
    'json.verify_schema({"minProperties": 2.1})',
    [false, 'jsonschema: minProperties must be of an integer'],
  ],
  [
    'json.verify_schema({"type": ["null", "null"]})',
    [false, 'jsonschema: null type is duplicated'],
  ],
  ['json.verify_schema({"$ref": "#/x"})', [false, "jsonschema: Object has no key 'x'"]],
  [
    'json.verify_schema({"$ref": "#/%zz"})',
    [false, 'jsonschema: parse "#/%zz": invalid URL escape "%zz"'],
  ],
  [
    'json.verify_schema({"$ref": "other"})',
    [false, 'jsonschema: Reference /other must be canonical'],
  ],
  ['json.verify_schema({"properties": {"a": {"$ref": "#"}}})', [true, null]],
  [
    'json.verify_schema({"required": ["a", "a"]})',
    [false, 'jsonschema: required items must be unique'],
  ],
  [
    'json.verify_schema({"exclusiveMaximum": true})',
    [false, 'jsonschema: exclusiveMaximum cannot be used without maximum'],
  ],
  [
    'json.verify_schema({"items": [1]})',
    [false, 'jsonschema: Invalid type. Expected: Valid Schema/Array Of Schemas, given: items'],
  ],
  [
    'json.verify_schema({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": 2})',
    [false, 'jsonschema: Invalid type. Expected: boolean, given: exclusiveMinimum'],
  ],
  ['json.verify_schema("true")', [true, null]],
  [
    'json.match_schema({"a": 1}, {"properties": {"a": {"type": ["null"]}}})',
    [
      false,
      [
        {
          desc: 'Invalid type. Expected: null, given: integer',
          error: 'a: Invalid type. Expected: null, given: integer',
          field: 'a',
          type: 'invalid_type',
        },
      ],
    ],
  ],
  [
    'json.match_schema({"a": 1}, `{"if": {"required": ["a"]}, "then": {"required": ["b"]}}`)',
    [
      false,
      [
        {
          desc: 'Must validate "then" as "if" was valid',
          error: '(Root): Must validate "then" as "if" was valid',
          field: '(Root)',
          type: 'condition_then',
        },
        {
          desc: 'b is required',
          error: '(Root): b is required',
          field: '(Root)',
          type: 'required',
        },
      ],
    ],
  ],
  [
    'json.match_schema({"a": 1}, {"dependencies": {"a": ["b"]}})',
    [
      false,
      [
        {
          desc: 'Has a dependency on b',
          error: '(Root): Has a dependency on b',
          field: '(Root)',
          type: 'missing_dependency',
        },
      ],
    ],
  ],
  [
    'json.match_schema({}, {"anyOf": [{"minProperties": 1}, {"type": "string"}]})',
    [
      false,
      [
        {
          desc: 'Must validate at least one schema (anyOf)',
          error: '(Root): Must validate at least one schema (anyOf)',
          field: '(Root)',
          type: 'number_any_of',
        },
        {
          desc: 'Must have at least 1 properties',
          error: '(Root): Must have at least 1 properties',
          field: '(Root)',
          type: 'array_min_properties',
        },
      ],
    ],
  ],
  [
    'json.match_schema("1e7", {"maximum": 1000000})',
    [
      false,
      [
        {
          desc: 'Must be less than or equal to 1e+06',
          error: '(Root): Must be less than or equal to 1e+06',
          field: '(Root)',
          type: 'number_lte',
        },
      ],
    ],
  ],
  ['json.match_schema("0.3", {"multipleOf": 0.1})', [true, []]],
  [
    'json.match_schema("[1, 1.0]", {"uniqueItems": true, "contains": {"type": "string"}})',
    [
      false,
      [
        {
          desc: 'array items[0,1] must be unique',
          error: '(Root): array items[0,1] must be unique',
          field: '(Root)',
          type: 'unique',
        },
        {
          desc: 'At least one of the items must match',
          error: '(Root): At least one of the items must match',
          field: '(Root)',
          type: 'contains',
        },
        {
          desc: 'Invalid type. Expected: string, given: integer',
          error: '0: Invalid type. Expected: string, given: integer',
          field: '0',
          type: 'invalid_type',
        },
      ],
    ],
  ],
  [
    'json.match_schema("[1, 2]", {"items": [{}], "additionalItems": false})',
    [
      false,
      [
        {
          desc: 'No additional items allowed on array',
          error: '(Root): No additional items allowed on array',
          field: '(Root)',
          type: 'array_no_additional_items',
        },
      ],
    ],
  ],
  [
    'json.match_schema({"ab": 1}, {"propertyNames": {"maxLength": 1}})',
    [
      false,
      [
        {
          desc: 'Property name of "ab" does not match',
          error: '(Root): Property name of "ab" does not match',
          field: '(Root)',
          type: 'invalid_property_name',
        },
        {
          desc: 'String length must be less than or equal to 1',
          error: '(Root): String length must be less than or equal to 1',
          field: '(Root)',
          type: 'string_lte',
        },
      ],
    ],
  ],
  [
    'json.match_schema({"a": {"n": 0}}, {"$id": "http://x/y", "properties": {"a": {"$ref": "#/definitions/n"}}, "definitions": {"n": {"properties": {"n": {"minimum": 1}}}}})',
    [
      false,
      [
        {
          desc: 'Must be greater than or equal to 1',
          error: 'a.n: Must be greater than or equal to 1',
          field: 'a.n',
          type: 'number_gte',
        },
      ],
    ],
  ],
  [
    'json.match_schema("\\"no\\"", {"format": "email"})',
    [
      false,
      [
        {
          desc: "Does not match format 'email'",
          error: "(Root): Does not match format 'email'",
          field: '(Root)',
          type: 'format',
        },
      ],
    ],
  ],
  ['json.match_schema("\\"A <a@b>\\"", {"format": "email"})', [true, []]],
  [
    'json.match_schema("\\"2020-02-30\\"", {"format": "date"})',
    [
      false,
      [
        {
          desc: "Does not match format 'date'",
          error: "(Root): Does not match format 'date'",
          field: '(Root)',
          type: 'format',
        },
      ],
    ],
  ],
  [
    'json.match_schema("\\"::1\\"", {"format": "ipv4"})',
    [
      false,
      [
        {
          desc: "Does not match format 'ipv4'",
          error: "(Root): Does not match format 'ipv4'",
          field: '(Root)',
          type: 'format',
        },
      ],
    ],
  ],
  [
    'json.match_schema("2", {"enum": [1, "a"]})',
    [
      false,
      [
        {
          desc: '(Root) must be one of the following: 1, "a"',
          error: '(Root): (Root) must be one of the following: 1, "a"',
          field: '(Root)',
          type: 'enum',
        },
      ],
    ],
  ],
  ['json.match_schema("1.0", {"enum": [1, "a"]})', [true, []]],
];

test('schemas are read and applied as OPA does; null stands for no result', () => {
  const calls = RESULTS.map(([call]) => call);
  assert.equal(
    resultsOf(...calls),
    RESULTS.map(([, result]) => result),
  );
});

test('schemas that name themselves, or hold many, are bounded', () => {
  const matched = (schema: unknown): string => callBuiltin('json.match_schema', {}, schema);
  assert.is(matched({ $ref: '#' }), 'fault: schema exceeds the limit of 200 nested schemas');
  let wide: unknown = {};
  for (let level = 0; level < 9; level += 1) wide = { anyOf: [wide, wide, wide] };
  assert.is(matched(wide), 'fault: schema exceeds the limit of 10000 subschemas');
});

test('references are followed inside of the schema alone', () => {
  assert.is(
    callBuiltin('json.verify_schema', { $ref: 'https://example.com/schema.json' }),
    '[false,"jsonschema: remote reference loading disabled: https://example.com/schema.json"]',
  );
});

test.run();
