import { json as anyJson, assert as hold, nat, property } from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { MaskMethod } from '../../../engine/contract/decision.ts';
import { createJsonMasker, type FieldMask, parseFieldMask } from '../../../proxy/mask/json.ts';
import { createEventMasker } from '../../../proxy/mask/json-events.ts';
import { deriveMaskKey } from '../../../proxy/mask/methods.ts';

const test = suite('proxy/mask/json');
const KEY = deriveMaskKey(Buffer.alloc(32, 1), 'orders');

function field(pointer: string, method: MaskMethod = 'redact'): FieldMask {
  const mask = parseFieldMask({ code: 'pii', with: method, field: pointer, rule: undefined });
  if (mask === undefined) throw new Error(`no pointer: ${pointer}`);
  return mask;
}

function mask(text: string, masks: readonly FieldMask[], many = false): string {
  const masker = createJsonMasker(masks, KEY, many);
  return masker.write(Buffer.from(text)).toString() + masker.end().toString();
}

test('masks the value a pointer names and nothing else', () => {
  assert.is(
    mask('{"a": {"ssn": "1"}, "ssn": "2", "b":[{"ssn":"3"}]}', [field('/a/ssn')]),
    '{"a": {"ssn": "[redacted]"}, "ssn": "2", "b":[{"ssn":"3"}]}',
  );
});

test('takes `*` for any member and any index', () => {
  assert.is(
    mask('[{"ssn":"1","n":2},{"ssn":"3"}]', [field('/*/ssn')]),
    '[{"ssn":"[redacted]","n":2},{"ssn":"[redacted]"}]',
  );
  assert.is(mask('{"x":[1,"b"],"y":"c"}', [field('/x/*')]), '{"x":[null,"[redacted]"],"y":"c"}');
  assert.is(mask('[["a"],["b"]]', [field('/1/0')]), '[["a"],["[redacted]"]]');
});

test('masks everything below a masked object or array', () => {
  assert.is(
    mask('{"a":{"b":["x",1,true,null,{"c":"y"}]},"d":1}', [field('/a')]),
    '{"a":{"b":["[redacted]",null,null,null,{"c":"[redacted]"}]},"d":1}',
  );
  assert.is(mask('"all"', [field('')]), '"[redacted]"');
});

test('sees through escapes in member names, and unescapes pointers', () => {
  assert.is(mask('{"s\\u0073n":"1"}', [field('/ssn')]), '{"s\\u0073n":"[redacted]"}');
  assert.is(mask('{"a/b":{"~":"1"}}', [field('/a~1b/~0')]), '{"a/b":{"~":"[redacted]"}}');
});

test('masks every one of duplicate members', () => {
  assert.is(mask('{"s":"1","s":"2"}', [field('/s')]), '{"s":"[redacted]","s":"[redacted]"}');
});

test('lets the stricter of two masks win, an outer one too', () => {
  assert.is(mask('{"a":"12345678"}', [field('/a', 'last4'), field('/*', 'null')]), '{"a":null}');
  assert.is(
    mask('{"a":{"b":"12345678"}}', [field('/a', 'null'), field('/a/b', 'last4')]),
    '{"a":{"b":null}}',
  );
});

test('keeps the text of numbers it does not mask', () => {
  const text = '{"big":12345678901234567890.0100,"e":1E+5,"m":"x"}';
  assert.is(mask(text, [field('/m')]), text.replace('"x"', '"[redacted]"'));
});

test('gives the same whatever the chunks are', () => {
  const text = Buffer.from(
    '{"a":[{"ssn":"1\\"2\\u00e9é","n":-1.5e3},{"ssn":12,"t":true}],"ssn":"k","z":"é"}',
  );
  const masks = [field('/a/*/ssn'), field('/z', 'hash')];
  const whole = mask(text.toString(), masks);
  for (let cut = 0; cut <= text.length; cut += 1) {
    const masker = createJsonMasker(masks, KEY);
    const parts = [
      masker.write(text.subarray(0, cut)),
      masker.write(text.subarray(cut)),
      masker.end(),
    ];
    assert.is(Buffer.concat(parts).toString(), whole, `cut at ${cut}`);
  }
});

test('counts what it masks by code', () => {
  const masker = createJsonMasker([field('/*/s')], KEY);
  masker.write(Buffer.from('[{"s":"a"},{"s":null},{"s":1}]'));
  masker.end();
  assert.equal(masker.counts, { pii: 2 });
});

test('masks each document of many', () => {
  assert.is(
    mask('{"s":"1"}\n{"s":"2"}\n', [field('/s')], true),
    '{"s":"[redacted]"}\n{"s":"[redacted]"}\n',
  );
});

const NOT_JSON = [
  '',
  ' ',
  '{',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  "{'a':1}",
  '[1 2]',
  '{"a" 1}',
  '{"a":}',
  '01',
  '1.',
  '.5',
  '+1',
  'NaN',
  'nul',
  'tru',
  '"a',
  '"\\x"',
  '"\\u12g4"',
  '"\n"',
  '[1]]',
  '{"a":1}}',
  '[}',
  '{]',
  '1 2',
  '{}{}',
  '// c\n1',
  '/* */1',
  '\ufeff1',
  '{"a":1 "b":2}',
  '[,1]',
  '"a""b"',
  'truefalse',
  '-',
  '1e',
  '{"a"}',
  ']',
  ',',
];
for (const text of NOT_JSON) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => mask(text, [field('/a')]), /not JSON|ends too early/);
  });
}

test('refuses what is nested too deep', () => {
  assert.throws(() => mask('['.repeat(1_000), []), /nested deeper/);
});

test('passes all JSON through unchanged when nothing is masked, in any chunks', () => {
  void hold(
    property(anyJson(), nat(), (text, at) => {
      const bytes = Buffer.from(text);
      const cut = at % (bytes.length + 1);
      const masker = createJsonMasker([field('/no/such/*/place')], KEY);
      const parts = [
        masker.write(bytes.subarray(0, cut)),
        masker.write(bytes.subarray(cut)),
        masker.end(),
      ];
      return Buffer.concat(parts).equals(bytes);
    }),
  );
});

test('leaves no scalar of any JSON when all of it is masked', () => {
  void hold(
    property(anyJson(), (text) => {
      const left: unknown[] = [];
      JSON.parse(mask(text, [field('')]), (_key, value: unknown) => {
        if (typeof value !== 'object') left.push(value);
        return value;
      });
      return left.every((value) => value === '[redacted]');
    }),
  );
});

test('takes no field that is not a JSON pointer', () => {
  for (const pointer of ['ssn', '$.ssn', '/a~2', '/a~']) {
    assert.is(
      parseFieldMask({ code: 'c', with: 'redact', field: pointer, rule: undefined }),
      undefined,
    );
  }
});

function maskEvents(text: string, chunkSize = text.length): string {
  const masker = createEventMasker([field('/s')], KEY);
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize)
    parts.push(masker.write(bytes.subarray(at, at + chunkSize)));
  return Buffer.concat([...parts, masker.end()]).toString();
}

test('masks the data of server-sent events, whatever the line ends and chunks', () => {
  const expected = 'id: 1\ndata: {"s":"[redacted]"}\n\ndata: [DONE]\n\n';
  for (const end of ['\n', '\r', '\r\n']) {
    const text = ['id: 1', 'data: {"s":"1"}', '', 'data:[DONE]', '', ''].join(end);
    for (const size of [1, 2, 3, 1_000]) {
      assert.is(
        maskEvents(text + (end === '\r' ? '\n' : ''), size).replace(/\n$/, ''),
        expected.replace(/\n$/, ''),
        `${JSON.stringify(end)} by ${size}`,
      );
    }
  }
});

test('joins an event that is spread over lines, and drops what no client reads', () => {
  assert.is(
    maskEvents(': note 123-45-6789\nother: 123\ndata: {"s":\ndata: "1"}\n\n'),
    ':\ndata: {"s":\ndata: "[redacted]"}\n\n',
  );
});

test('refuses events whose data is not JSON, and holds back an unfinished one', () => {
  assert.throws(() => maskEvents('data: ssn 123-45-6789\n\n'), /not JSON/);
  assert.is(maskEvents('data: {"s":"1"}\n'), '');
});

test.run();
