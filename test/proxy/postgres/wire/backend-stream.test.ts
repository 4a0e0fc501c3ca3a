import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../../proxy/error.ts';
import { BackendStream } from '../../../../proxy/postgres/wire/backend-stream.ts';
import { bytes, cstring, cuts, int32, message } from '../../../support/postgres-wire.ts';

const test = suite('proxy/postgres/wire/backend-stream');

/** Rows stream; `N` is dropped, `E` is replaced by two messages, the rest is seen whole and passes. */
function through(pieces: readonly Buffer[]): { out: Buffer; seen: string; boundary: boolean } {
  let seen = '';
  const stream = new BackendStream({
    begin: (tag) => (String.fromCharCode(tag) === 'D' ? 'stream' : 'whole'),
    whole: (tag, body) => {
      const letter = String.fromCharCode(tag);
      seen += `${letter}${body.length} `;
      if (letter === 'N') return Buffer.alloc(0);
      return letter === 'E' ? bytes(message('E', 'mine'), message('Z', 'I')) : true;
    },
  });
  const out = pieces.flatMap((piece) => stream.push(piece));
  return { out: Buffer.concat(out), seen, boundary: stream.atBoundary };
}

const INPUT = bytes(
  message('T', 'fields'),
  message('D', 'first row'),
  message('N', cstring('secret')),
  message('D'),
  message('D', 'last row'),
  message('E', 'theirs'),
  message('C', cstring('SELECT 3')),
);

test('messages pass, are dropped or replaced in order, whatever the cut', () => {
  const expected = bytes(
    message('T', 'fields'),
    message('D', 'first row'),
    message('D'),
    message('D', 'last row'),
    message('E', 'mine'),
    message('Z', 'I'),
    message('C', cstring('SELECT 3')),
  );
  for (const pieces of cuts(INPUT)) {
    const result = through(pieces);
    assert.equal(result.out, expected);
    assert.is(result.seen, 'T6 N7 E6 C9 ');
    assert.is(result.boundary, true);
  }
});

test('a streamed body goes on before it is whole, and until then nothing may be put in', () => {
  const half = message('D', 'a long row').subarray(0, 8);
  const result = through([half]);
  assert.equal(result.out, half);
  assert.is(result.boundary, false);
});

test('a message that must be seen whole is held until it is', () => {
  const result = through([message('C', cstring('SELECT 3')).subarray(0, 8)]);
  assert.is(result.out.length, 0);
  assert.is(result.boundary, true);
});

test('bytes that pass unchanged are passed as one piece, not copied', () => {
  const chunk = bytes(message('D', 'a'), message('C', 'b'), message('D', 'c'));
  const stream = new BackendStream({ begin: () => 'whole', whole: () => true });
  const out = stream.push(chunk);
  assert.is(out.length, 1);
  assert.is(out[0]?.buffer, chunk.buffer);
});

test('a length below its own four bytes or over the limit ends the stream', () => {
  const code = (expected: string) => (error: unknown) =>
    error instanceof ProxyError && error.code === expected;
  assert.throws(() => through([bytes('C', int32(3))]), code('target/protocol'));
  assert.throws(() => through([bytes('C', int32(0x7fffffff))]), code('limit/exceeded'));
});

test.run();
