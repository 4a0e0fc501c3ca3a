import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadNativeRe2, type NativeRe2 } from '../../../engine/builtins/native-re2.ts';
import { compile } from '../../../engine/builtins/pattern.ts';
import { isFault } from '../../../engine/value/fault.ts';

const test = suite('engine/builtins/pattern');

/** Stands for the package: what it was asked, and an answer that no pattern gives. */
function recorder(): { readonly asked: string[]; readonly native: NativeRe2 } {
  const asked: string[] = [];
  class Native {
    readonly source: string;
    constructor(source: string, flags: string) {
      this.source = `${source}/${flags}`;
    }
    test(subject: string): boolean {
      asked.push(`${this.source} ${subject}`);
      return subject === 'native';
    }
  }
  return { asked, native: Native };
}

const answers = (source: string, subject: string, native: NativeRe2 | undefined): boolean => {
  const pattern = compile(source, native);
  assert.not(isFault(pattern), source);
  return !isFault(pattern) && pattern.test(subject);
};

test('the native implementation tests patterns that read alike in both dialects', () => {
  const { asked, native } = recorder();
  for (const source of ['^a.b$', '(?i)x{2,3}|[a-z]+', '(?:\\d|\\.)*', '(?s)^(?:[^.]*)$'])
    assert.is(answers(source, 'native', native), true, source);
  assert.equal(asked.length, 4);
  assert.is(asked[0], '^a.b$/u native');
});

test('the portable implementation tests all others, and texts with bytes that are no UTF-8', () => {
  const { asked, native } = recorder();
  for (const source of [
    '(?P<n>a)',
    '\\pL',
    '[[:alpha:]]',
    'é',
    '\\x{61}',
    '\\z',
    '\\Qa\\E',
    '(?U)a',
    '\t',
  ])
    assert.is(answers(source, 'native', native), answers(source, 'native', undefined), source);
  assert.is(answers('^.$', '\udc80', native), answers('^.$', '\udc80', undefined));
  assert.equal(asked, []);
});

test('where matches lie is never asked of the native implementation', () => {
  const { asked, native } = recorder();
  const pattern = compile('b+', native);
  assert.ok(!isFault(pattern));
  if (isFault(pattern)) return;
  const matcher = pattern.matcher('abb');
  assert.ok(matcher.find());
  assert.equal([matcher.start(), matcher.end(), pattern.pattern()], [1, 3, 'b+']);
  assert.equal(asked, []);
});

test('a pattern that RE2 refuses is a fault, whatever the native implementation says', () => {
  const { native } = recorder();
  for (const source of ['(?=a)', '(a', '\\1', 'a**b{2000}'])
    assert.ok(isFault(compile(source, native)), source);
});

test('a package that is absent, broken or something else is left out', () => {
  assert.is(
    loadNativeRe2(() => {
      throw new Error('built for another Node');
    }),
    undefined,
  );
  assert.is(
    loadNativeRe2(() => ({})),
    undefined,
  );
  const { native } = recorder();
  assert.is(
    loadNativeRe2(() => native),
    native,
  );
});

test.run();
