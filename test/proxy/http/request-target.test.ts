import { assert as hold, property, string, stringMatching } from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CanonicalTarget, readTarget } from '../../../proxy/http/request-target.ts';

const test = suite('proxy/http/request-target');

function read(raw: string): CanonicalTarget {
  const reading = readTarget(raw, 100);
  if (!reading.ok) throw new Error(reading.why);
  return reading.target;
}

const CASES: readonly (readonly [string, string, string])[] = [
  ['/', '/', '/'],
  ['/a/b', '/a/b', '/a/b'],
  ['/a/b/', '/a/b/', '/a/b/'],
  ['/a/./b/../c', '/a/c', '/a/c'],
  ['/a/b/..', '/a/', '/a/'],
  ['/a/.', '/a/', '/a/'],
  ['/a/..', '/', '/'],
  ['/%41%7eb', '/A~b', '/A~b'],
  ['/caf%C3%A9', '/café', '/caf%C3%A9'],
  ['/a%3Bb', '/a;b', '/a%3Bb'],
  ['/a%20b', '/a b', '/a%20b'],
  ['/v1/x:run', '/v1/x:run', '/v1/x:run'],
  ['/a%23b', '/a#b', '/a%23b'],
  ['/100%25', '/100%', '/100%25'],
  ['http://orders.test/a', '/a', '/a'],
  ['http://orders.test', '/', '/'],
];
for (const [raw, path, encoded] of CASES) {
  test(`reads \`${raw}\` as \`${path}\` and sends \`${encoded}\``, () => {
    const target = read(raw);
    assert.is(target.path, path);
    assert.is(target.encoded, encoded);
  });
}

test('gives segments without empty ones', () => {
  assert.equal(read('/a/b/').segments, ['a', 'b']);
  assert.equal(read('/').segments, []);
});

test('groups parameters and keeps their order and form on the way', () => {
  const target = read('/a?x=1&flag&x=a+b%26c&y=&__proto__=z');
  assert.equal(Object.entries(target.query), [
    ['x', ['1', 'a b&c']],
    ['flag', ['']],
    ['y', ['']],
    ['__proto__', ['z']],
  ]);
  assert.is(target.encoded, '/a?x=1&flag&x=a%20b%26c&y=&__proto__=z');
});

test('encodes a semicolon that some servers split parameters at', () => {
  assert.is(read('/a?x=1;admin=1').encoded, '/a?x=1%3Badmin%3D1');
});

test('refuses more parameters than its limit', () => {
  assert.not(readTarget(`/a?${'x&'.repeat(200)}`, 100).ok);
});

test('keeps the authority of an absolute target', () => {
  assert.is(read('http://orders.test:81/a').authority, 'orders.test:81');
  assert.is(read('/a').authority, undefined);
});

test('reads what it sends as what it decided on', () => {
  void hold(
    property(stringMatching(/^\/[!$-:=?-Z_a-z~]{0,30}$/), (raw) => {
      const first = readTarget(raw, 100);
      if (!first.ok) return true;
      const again = readTarget(first.target.encoded, 100);
      return (
        again.ok &&
        again.target.path === first.target.path &&
        again.target.encoded === first.target.encoded &&
        JSON.stringify(again.target.query) === JSON.stringify(first.target.query)
      );
    }),
    { numRuns: 2_000 },
  );
});

test('never lets a dot segment or an empty one through', () => {
  void hold(
    property(stringMatching(/^\/(?:[a./]|%2[eEfF5]){0,20}$/), (raw) => {
      const reading = readTarget(raw, 100);
      return (
        !reading.ok || reading.target.segments.every((part) => !['', '.', '..'].includes(part))
      );
    }),
    { numRuns: 2_000 },
  );
});

test('throws for no text at all', () => {
  void hold(
    property(
      string({ unit: 'binary' }),
      (raw) => typeof readTarget(`/${raw}`, 10).ok === 'boolean',
    ),
  );
});

test.run();
