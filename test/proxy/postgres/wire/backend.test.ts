import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../../proxy/error.ts';
import * as read from '../../../../proxy/postgres/wire/backend.ts';
import * as encode from '../../../../proxy/postgres/wire/backend-encode.ts';
import { bytes, cstring, fields, int16, int32, message } from '../../../support/postgres-wire.ts';

const test = suite('proxy/postgres/wire/backend');
const isTargetError = (error: unknown): boolean =>
  error instanceof ProxyError && error.code === 'target/protocol';

test('a row description is read field by field', () => {
  const body = bytes(
    int16(1),
    cstring('email'),
    int32(4_000_000_000),
    int16(-3),
    int32(25),
    int16(-1),
    int32(-1),
    int16(1),
  );
  assert.equal(read.readRowDescription(body), [
    { name: 'email', tableOid: 4_000_000_000, attnum: -3, typeOid: 25, format: 'binary' },
  ]);
  for (let at = 0; at < body.length; at += 1) {
    assert.throws(() => read.readRowDescription(body.subarray(0, at)), isTargetError);
  }
});

test('a row is read and written to the same bytes', () => {
  const body = bytes(int16(3), int32(-1), int32(0), int32(2), 'ab');
  const values = read.readDataRow(body);
  assert.equal(values, [null, Buffer.alloc(0), Buffer.from('ab')]);
  assert.equal(encode.encodeDataRow(values), message('D', body));
  for (let at = 0; at < body.length; at += 1) {
    assert.throws(() => read.readDataRow(body.subarray(0, at)), isTargetError);
  }
});

test('rows with a wrong count or a negative length are refused', () => {
  for (const body of [
    bytes(int16(-1)),
    bytes(int16(1), int32(-2)),
    bytes(int16(1), int32(0x7fffffff)),
    bytes(int16(0), 'x'),
  ]) {
    assert.throws(() => read.readDataRow(body), isTargetError);
  }
});

test('authentication requests are told apart', () => {
  assert.equal(read.readAuthentication(bytes(int32(0))), { kind: 'ok' });
  assert.equal(read.readAuthentication(bytes(int32(5), [1, 2, 3, 4])), {
    kind: 'md5',
    salt: Buffer.from([1, 2, 3, 4]),
  });
  assert.equal(read.readAuthentication(bytes(int32(10), cstring('A'), cstring('B'), [0])), {
    kind: 'sasl',
    mechanisms: ['A', 'B'],
  });
  assert.equal(read.readAuthentication(bytes(int32(7))), { kind: 'other', code: 7 });
  assert.throws(() => read.readAuthentication(bytes(int32(10), 'A')), isTargetError);
});

test('a report carries its fields and is an error or a notice by its severity', () => {
  const wire = encode.encodeReport({
    severity: 'ERROR',
    sqlstate: '42501',
    message: 'no',
    detail: 'why\0not',
    hint: 'ask',
  });
  assert.is(wire.toString('latin1', 0, 1), 'E');
  assert.is(wire.readUInt32BE(1), wire.length - 1);
  assert.equal(fields(wire.subarray(5)), {
    S: 'ERROR',
    V: 'ERROR',
    C: '42501',
    M: 'no',
    D: 'whynot',
    H: 'ask',
  });
  assert.is(
    encode.encodeReport({ severity: 'NOTICE', sqlstate: '01000', message: 'x' })[0],
    'N'.charCodeAt(0),
  );
});

test('what a server says in an error is read field by field', () => {
  const found = read.readErrorFields(bytes(cstring('SERROR'), cstring('C42P01'), [0]));
  assert.equal(
    [...found],
    [
      ['S', 'ERROR'],
      ['C', '42P01'],
    ],
  );
  assert.throws(() => read.readErrorFields(bytes('SERROR')), isTargetError);
});

test('only the three transaction states are states', () => {
  assert.is(read.readTransactionStatus(bytes('T')), 'T');
  assert.throws(() => read.readTransactionStatus(bytes('X')), isTargetError);
  assert.throws(() => read.readTransactionStatus(bytes('TT')), isTargetError);
});

test.run();
