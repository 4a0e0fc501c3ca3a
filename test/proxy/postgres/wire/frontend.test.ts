import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../../proxy/error.ts';
import { FrameReader } from '../../../../proxy/postgres/wire/frame-reader.ts';
import {
  type FrontendMessage,
  passwordCap,
  readFrontendMessage,
  sessionCap,
} from '../../../../proxy/postgres/wire/frontend.ts';
import * as encode from '../../../../proxy/postgres/wire/frontend-encode.ts';
import { bytes, cstring, cuts, int16, int32, message } from '../../../support/postgres-wire.ts';

const test = suite('proxy/postgres/wire/frontend');
const isProtocolError = (error: unknown): boolean =>
  error instanceof ProxyError && error.code === 'client/protocol';

function read(pieces: readonly Buffer[], cap = sessionCap): FrontendMessage[] {
  const reader = new FrameReader('client/protocol');
  const found: FrontendMessage[] = [];
  for (const piece of pieces) {
    reader.push(piece);
    for (let frame = reader.next(cap); frame !== undefined; frame = reader.next(cap)) {
      found.push(readFrontendMessage(frame));
    }
  }
  return found;
}

const BIND = message(
  'B',
  cstring('p'),
  cstring('s'),
  int16(2),
  int16(0),
  int16(1),
  int16(2),
  int32(-1),
  int32(3),
  [1, 0, 2],
  int16(1),
  int16(1),
);

const CASES: readonly (readonly [Buffer, FrontendMessage])[] = [
  [message('Q', cstring('select 1 /* ü */')), { type: 'query', text: 'select 1 /* ü */' }],
  [
    message('P', cstring('s'), cstring('select $1'), int16(1), int32(23)),
    { type: 'parse', name: 's', text: 'select $1', parameterTypes: [23] },
  ],
  [
    BIND,
    {
      type: 'bind',
      portal: 'p',
      statement: 's',
      parameterFormats: [0, 1],
      parameters: [null, Buffer.from([1, 0, 2])],
      resultFormats: [1],
    },
  ],
  [message('D', 'S', cstring('s')), { type: 'describe', what: 'statement', name: 's' }],
  [message('C', 'P', cstring('')), { type: 'close', what: 'portal', name: '' }],
  [message('E', cstring('p'), int32(10)), { type: 'execute', portal: 'p', maxRows: 10 }],
  [message('H'), { type: 'flush' }],
  [message('S'), { type: 'sync' }],
  [message('X'), { type: 'terminate' }],
  [message('d', [1, 2, 0]), { type: 'copy-data', data: Buffer.from([1, 2, 0]) }],
  [message('c'), { type: 'copy-done' }],
  [message('f', cstring('why')), { type: 'copy-fail', reason: 'why' }],
  [message('F', int32(7), int16(0)), { type: 'function-call' }],
];

test('each message is decoded from bytes built by hand', () => {
  for (const [wire, expected] of CASES) assert.equal(read([wire]), [expected]);
});

test('any cut of a stream of all messages gives the same messages', () => {
  const stream = bytes(...CASES.map(([wire]) => wire));
  const expected = CASES.map(([, decoded]) => decoded);
  for (const pieces of cuts(stream)) assert.equal(read(pieces), expected);
});

test('what is forwarded is written as the bytes built by hand', () => {
  assert.equal(encode.encodeQuery('select 1 /* ü */'), CASES[0]?.[0]);
  for (const [wire, decoded] of CASES) {
    const again =
      decoded.type === 'parse'
        ? encode.encodeParse(decoded)
        : decoded.type === 'bind'
          ? encode.encodeBind(decoded)
          : decoded.type === 'describe'
            ? encode.encodeDescribe(decoded.what, decoded.name)
            : decoded.type === 'close'
              ? encode.encodeClose(decoded.what, decoded.name)
              : decoded.type === 'execute'
                ? encode.encodeExecute(decoded.portal, decoded.maxRows)
                : decoded.type === 'copy-data'
                  ? encode.encodeCopyData(decoded.data)
                  : undefined;
    if (again !== undefined) assert.equal(again, wire);
  }
  assert.equal(
    [encode.SYNC, encode.FLUSH, encode.COPY_DONE, encode.TERMINATE],
    [message('S'), message('H'), message('c'), message('X')],
  );
});

test('an unknown tag is refused from its first five bytes', () => {
  for (const tag of ['p', 'Z', 'W', '\0', 'q']) {
    assert.throws(() => read([bytes(tag, int32(4))]), isProtocolError);
  }
});

test('a length out of bounds is refused before its body is awaited', () => {
  for (const length of [0, 3, 0x7fffffff, 0x80000000, 0xffffffff]) {
    for (const tag of ['Q', 'B', 'd', 'S', 'E']) {
      assert.throws(() => read([bytes(tag, int32(length))]), isProtocolError);
    }
  }
  assert.throws(() => read([bytes('S', int32(5))]), isProtocolError);
});

test('bodies with fields too short, too long or negative are refused', () => {
  for (const wire of [
    message('Q', 'select 1'),
    message('Q', cstring('select 1'), 'x'),
    message('Q', cstring('select 1'), cstring('; drop table t')),
    message('Q', [0xc3, 0x28, 0]),
    message('P', cstring('s'), cstring('select'), int16(2), int32(1)),
    message('P', cstring('s'), cstring('select'), int16(-1)),
    message('B', cstring(''), cstring(''), int16(0), int16(1), int32(-2), int16(0)),
    message('B', cstring(''), cstring(''), int16(0), int16(1), int32(9), [1], int16(0)),
    message('B', cstring(''), cstring(''), int16(1), int16(7), int16(0), int16(0)),
    message(
      'B',
      cstring(''),
      cstring(''),
      int16(2),
      int16(0),
      int16(0),
      int16(1),
      int32(-1),
      int16(0),
    ),
    message('D', 'X', cstring('s')),
    message('E', cstring('p'), [0, 0, 1]),
  ]) {
    assert.throws(() => read([wire]), isProtocolError);
  }
});

test('while a password is awaited nothing but it and a goodbye is read', () => {
  assert.equal(read([message('p', cstring('t'))], passwordCap), [{ type: 'password', text: 't' }]);
  assert.throws(() => read([message('Q', cstring('select 1'))], passwordCap), isProtocolError);
  assert.throws(() => read([bytes('p', int32(70_000))], passwordCap), isProtocolError);
});

test.run();
