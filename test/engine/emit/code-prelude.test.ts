import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codePrelude } from '../../../engine/emit/code-prelude.ts';
import { CodeWriter } from '../../../engine/emit/code-writer.ts';
import { runGenerated } from '../../../engine/emit/make-function.ts';

const test = suite('engine/emit/code-prelude');

function writerOf(count: number): CodeWriter {
  const out = new CodeWriter();
  const names = Array.from({ length: count }, (_, at) => out.constant(at));
  out.line(`return [${names.join(', ')}];`);
  return out;
}

test('names each constant, and leaves those beyond the bound in their list', () => {
  const numbers = Array.from({ length: 5_000 }, (_, at) => at);
  const out = writerOf(numbers.length);
  assert.equal(runGenerated(out), numbers);
  const prelude = codePrelude(out);
  assert.ok(prelude.includes('K4095 = K[4095];'));
  assert.not.ok(prelude.includes('K4096'));
});

test('is one line, whatever the code uses', () => {
  assert.is(codePrelude(writerOf(0)).split('\n').length, 1);
  assert.not.match(codePrelude(writerOf(0)), 'K[');
  assert.is(codePrelude(writerOf(3)).split('\n').length, 1);
});

test('more constants than code may have variables still run', () => {
  const out = new CodeWriter();
  for (let at = 0; at < 400_000; at += 1) out.constant(at);
  out.line('return K[399999];');
  assert.is(runGenerated(out), 399_999);
});

test.run();
