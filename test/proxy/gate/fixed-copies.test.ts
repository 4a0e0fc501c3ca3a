import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FixedCopies, MAX_FIXED_COPIES } from '../../../proxy/gate/fixed-copies.ts';

const test = suite('proxy/gate/fixed-copies');

test('a copy has the same content, can never change, and leaves its source alone', () => {
  const source = { groups: ['a'], claims: { team: { name: 'pay' } }, email: undefined };
  const copy = new FixedCopies().of(source);
  assert.equal(copy, { groups: ['a'], claims: { team: { name: 'pay' } } });
  assert.throws(() => copy.groups.push('b'), /not extensible/);
  assert.throws(() => {
    copy.claims.team.name = 'x';
  }, /read only/);
  source.groups.push('c');
  assert.equal(copy.groups, ['a']);
});

test('equal content is one object, other content another', () => {
  const copies = new FixedCopies();
  assert.is(copies.of({ a: [1] }), copies.of({ a: [1] }));
  assert.is.not(copies.of({ a: [1] }), copies.of({ a: [2] }));
});

test('no more copies are kept than the limit', () => {
  const copies = new FixedCopies();
  const first = copies.of({ at: -1 });
  for (let at = 0; at < MAX_FIXED_COPIES; at += 1) copies.of({ at });
  assert.is.not(copies.of({ at: -1 }), first);
});

test.run();
