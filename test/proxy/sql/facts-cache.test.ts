/**
 * The cache of facts: bounded, and a short text must come twice before it is kept.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SqlFacts } from '../../../proxy/sql/facts.ts';
import { createFactsCache } from '../../../proxy/sql/facts-cache.ts';

const test = suite('proxy/sql/facts-cache');

const FACTS: SqlFacts = { ok: true, statements: [], class: 'read', verb: 'SELECT', detail: [] };
const LIMITS = { entries: 8, characters: 1_000, atOnceFrom: 5 };

test('keeps a long text at once and a short one when it comes again', () => {
  const cache = createFactsCache(LIMITS);
  cache.put('long text', FACTS);
  cache.put('s', FACTS);
  assert.is(cache.get('long text'), FACTS);
  assert.is(cache.get('s'), undefined);
  cache.put('s', FACTS);
  assert.is(cache.get('s'), FACTS);
});

test('forgets what was not used for as many texts as it holds, and keeps what was', () => {
  const cache = createFactsCache(LIMITS);
  cache.put('used all the time', FACTS);
  cache.put('used once', FACTS);
  for (let number = 0; number < 20; number += 1) {
    assert.is(cache.get('used all the time'), FACTS);
    cache.put(`another ${number}`, FACTS);
  }
  assert.is(cache.get('used once'), undefined);
});

test('is bounded by characters, and does not take a text that would fill half of it', () => {
  const cache = createFactsCache(LIMITS);
  cache.put('x'.repeat(501), FACTS);
  assert.is(cache.get('x'.repeat(501)), undefined);
  cache.put('first'.padEnd(400), FACTS);
  cache.put('second'.padEnd(400), FACTS);
  cache.put('third'.padEnd(400), FACTS);
  assert.is(cache.get('first'.padEnd(400)), undefined);
  assert.is(cache.get('third'.padEnd(400)), FACTS);
});

test.run();
