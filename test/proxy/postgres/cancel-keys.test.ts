import { randomBytes } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCancelKeys } from '../../../proxy/postgres/cancel-keys.ts';

const test = suite('proxy/postgres/cancel-keys');

test('the right key reaches its own session only, until it is released', () => {
  const keys = createCancelKeys(randomBytes);
  const told: string[] = [];
  const first = keys.issue(0, () => void told.push('first'));
  const second = keys.issue(0, () => void told.push('second'));
  assert.ok(keys.cancel(second.processId, second.key));
  assert.not(keys.cancel(first.processId, second.key));
  assert.equal(told, ['second']);
  second.release();
  assert.not(keys.cancel(second.processId, second.key));
});

test('protocol 3.0 has keys of 4 bytes, 3.2 of 32', () => {
  const keys = createCancelKeys(randomBytes);
  assert.is(keys.issue(0, () => undefined).key.length, 4);
  assert.is(keys.issue(2, () => undefined).key.length, 32);
});

test('guessing ends the honouring of a key', () => {
  const keys = createCancelKeys(randomBytes);
  const issued = keys.issue(0, () => undefined);
  const wrong = Buffer.from(issued.key.map((byte) => byte ^ 1));
  for (let guess = 0; guess < 100; guess += 1) assert.not(keys.cancel(issued.processId, wrong));
  assert.not(keys.cancel(issued.processId, issued.key));
});

test('a process id is never given twice and is never zero', () => {
  const draws = [0, 0, 2, 9, 2, 4, 9];
  const keys = createCancelKeys((count) => {
    const bytes = Buffer.alloc(count);
    bytes.writeUInt32BE(draws.shift() ?? 0);
    return bytes;
  });
  assert.is(keys.issue(0, () => undefined).processId, 1);
  assert.is(keys.issue(0, () => undefined).processId, 2);
});

test.run();
