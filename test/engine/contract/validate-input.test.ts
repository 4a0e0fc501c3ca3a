import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PolicyInput } from '../../../engine/contract/input.ts';
import { COMMON_SCHEMA, INPUT_SCHEMAS } from '../../../engine/contract/input-schemas.ts';
import { createInputValidator, validateInput } from '../../../engine/contract/validate-input.ts';
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

const FACTS = {
  kubernetes: {
    verb: 'create',
    group: '',
    version: 'v1',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'web-0',
    label_selector: 'app=web',
    body: { kind: 'Pod' },
    exec: { command: ['sh'], container: 'web', tty: true, stdin: true },
    images: ['web:1'],
    dry_run: false,
  },
  shell: {
    mode: 'exec',
    line: 'PAGER=cat git log > $OUT',
    commands: [
      {
        name: 'git',
        argv: ['git', 'log', null],
        static: false,
        assignments: { PAGER: 'cat' },
        redirects: [{ op: '>', target: null }],
        piped_to: 'wc',
        background: false,
        within: 'subshell',
      },
    ],
    parse_error: 'unexpected end',
  },
  ssh: {
    channel: 'session',
    request: 'subsystem',
    forward: { host: 'db', port: 5432 },
    sftp: { operation: 'rename', path: '/a', target: '/b', flags: ['write'] },
    env: { LANG: 'C' },
  },
  aws: {
    service: 's3',
    action: 's3:DeleteBucket',
    region: 'eu-central-1',
    account: '123456789012',
    resources: ['arn:aws:s3:::shop'],
    parameters: { Bucket: 'shop' },
  },
  mcp: {
    server: 'tickets',
    method: 'tools/call',
    tool: 'close',
    arguments: { id: 7 },
    tool_digest: 'sha256:00',
  },
  api: {
    operation: 'sessions.read',
    object: {
      kind: 'session',
      id: 's1',
      subject: 'bot',
      on_behalf_of: 'ana',
      resource: 'shop',
    },
  },
} as const;

for (const [kind, facts] of Object.entries(FACTS)) {
  test(`the fields of a ${kind} action are those of the design`, () => {
    const { action, ...rest } = asJson(inputOf(SELECT_CUSTOMERS));
    const { verb, digest } = action;
    const described = { kind, verb, class: action.class, digest, [kind]: facts };
    const input = { ...rest, action: described };
    assert.equal(validate(kind as keyof typeof FACTS, input), []);
    const misspelt = { ...input, action: { ...described, [kind]: { ...facts, naem: 1 } } };
    assert.match(validate(kind as keyof typeof FACTS, misspelt)[0]?.message ?? '', '`naem`');
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
