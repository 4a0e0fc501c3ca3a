import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BoundedCache } from '../../../engine/builtins/bounded-cache.ts';
import { PATTERN_CACHE_LIMIT } from '../../../engine/builtins/context.ts';
import { evaluatePath } from '../../../engine/evaluate.ts';
import { compilePolicies } from '../../../engine/policy-set.ts';

const test = suite('engine/builtins/bounded-cache');

/** What was made when these keys were asked for, in this order. */
function madeBy(cache: BoundedCache<string>, keys: readonly string[]): string {
  let made = '';
  for (const key of keys)
    cache.obtain(key, () => {
      made += key;
      return key;
    });
  return made;
}

test('makes what it does not know, once', () => {
  const cache = new BoundedCache<string>(3);
  assert.is(madeBy(cache, ['a', 'b', 'a', 'c', 'c', 'b']), 'abc');
});

test('keeps what is used again and again, whatever comes between', () => {
  const cache = new BoundedCache<string>(3);
  const others = [...'bcdefghijklmnopqrstuvwxyz'];
  const asked = others.flatMap((other) => ['a', other]);
  assert.is(madeBy(cache, asked), `a${others.join('')}`);
});

test('forgets what was not used for longest', () => {
  const cache = new BoundedCache<string>(2);
  assert.is(madeBy(cache, ['a', 'b', 'c', 'd', 'e', 'a']), 'abcdea');
});

test('has room for as many as it is told, and never less than before', () => {
  const cache = new BoundedCache<string>(1);
  cache.reserve(4);
  cache.reserve(2);
  assert.is(madeBy(cache, [...'abcd', ...'abcd', ...'abcd']), 'abcd');
});

test('the patterns of a policy stay compiled, however many they are', () => {
  const count = 3 * PATTERN_CACHE_LIMIT;
  const rules = Array.from(
    { length: count },
    (_, at) => `p contains ${at} if regex.match("^x${at}$", input.name)`,
  );
  const { policySet } = compilePolicies({
    policies: [{ name: 'p.policy', text: `package p\n\n${rules.join('\n')}\n` }],
  });
  if (policySet === undefined) throw new Error('no policy set');
  for (let round = 0; round < 2; round += 1)
    evaluatePath(policySet, ['p', 'p'], { input: { name: 'x7' } });
  let missing = 0;
  for (let at = 0; at < count; at += 1)
    policySet.caches.regexes.obtain(`^x${at}$`, () => {
      missing += 1;
      return { kind: 'fault', code: 'eval_builtin_error', message: 'compiled anew' } as never;
    });
  assert.is(missing, 0);
});

test.run();
