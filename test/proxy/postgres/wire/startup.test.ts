import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../../proxy/error.ts';
import { readStartupPacket } from '../../../../proxy/postgres/wire/startup.ts';
import {
  bytes,
  cstring,
  GSSENC_REQUEST,
  int32,
  packet,
  SSL_REQUEST,
  startup,
} from '../../../support/postgres-wire.ts';

const test = suite('proxy/postgres/wire/startup');
const isProtocolError = (error: unknown): boolean =>
  error instanceof ProxyError && error.code === 'client/protocol';

test('the four kinds of packet are told apart', () => {
  assert.equal(readStartupPacket(SSL_REQUEST)?.packet, { kind: 'ssl' });
  assert.equal(readStartupPacket(GSSENC_REQUEST)?.packet, { kind: 'gssenc' });
  const cancel = readStartupPacket(packet(80_877_102, int32(77), [1, 2, 3, 4]))?.packet;
  assert.equal(cancel, { kind: 'cancel', processId: 77, key: Buffer.from([1, 2, 3, 4]) });
  const start = readStartupPacket(startup({ user: 'ann', database: 'shop' }))?.packet;
  assert.equal(start, {
    kind: 'startup',
    major: 3,
    minor: 0,
    parameters: new Map([
      ['user', 'ann'],
      ['database', 'shop'],
    ]),
  });
});

test('a packet is read only when its last byte is there, and says how many bytes it took', () => {
  const whole = startup({ user: 'ann' });
  for (let at = 0; at < whole.length; at += 1) {
    assert.is(readStartupPacket(whole.subarray(0, at)), undefined);
  }
  assert.is(readStartupPacket(bytes(whole, 'rest'))?.size, whole.length);
});

test('lengths out of bounds are refused from the first four bytes', () => {
  for (const length of [0, 4, 7, 10_001, 0x7fffffff, 0x80000000, 0xffffffff]) {
    assert.throws(() => readStartupPacket(bytes(int32(length))), isProtocolError);
  }
  assert.is(readStartupPacket(bytes(int32(10_000))), undefined);
});

test('parameters without an end, twice, or followed by bytes are refused', () => {
  for (const rest of [
    cstring('user'),
    [...cstring('user'), ...cstring('ann')],
    [...cstring('user'), ...cstring('a'), ...cstring('user'), ...cstring('b'), 0],
    [...cstring('user'), ...cstring('a'), 0, 9],
    [...bytes([0xff, 0xfe, 0]), ...cstring('a'), 0],
  ]) {
    assert.throws(() => readStartupPacket(packet(196_608, rest)), isProtocolError);
  }
});

test('a cancel key of a wrong size and an SSLRequest with more in it are refused', () => {
  assert.throws(() => readStartupPacket(packet(80_877_102, int32(1), [1])), isProtocolError);
  assert.throws(
    () => readStartupPacket(packet(80_877_102, int32(1), new Uint8Array(257))),
    isProtocolError,
  );
  assert.throws(() => readStartupPacket(packet(80_877_103, [1])), isProtocolError);
});

test.run();
