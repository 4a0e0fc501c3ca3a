/** The names of parameters before arguments. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inlayHints } from '../../../../lang/server/features/inlay-hints.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/inlay-hints');

/** The text with its hints in it. */
function hinted(text: string, from = 0): string {
  const { host, workspace, document } = openMarked(text, {
    'lib.policy': 'package lib\n\nbetween(low, high) if low < high\n\nfirst([a, b], other) := a\n',
  });
  const span = { start: from, end: text.length };
  return inlayHints(host, workspace, document, span).reduceRight((before, { position, label }) => {
    const at = document.map.offsetAt(position);
    return `${before.slice(0, at)}«${String(label)}»${before.slice(at)}`;
  }, text);
}

test('arguments of builtins and of functions are named', () => {
  assert.is(
    hinted('package a\n\nx := replace("abc", "a", "b")\n'),
    'package a\n\nx := replace("abc", «old:»"a", «new:»"b")\n',
  );
  assert.is(
    hinted('package a\n\nimport data.lib\n\nx if lib.between(1, data.lib.between(2, 3))\n'),
    'package a\n\nimport data.lib\n\nx if lib.between(«low:»1, «high:»data.lib.between(«low:»2, «high:»3))\n',
  );
});

test('an argument that says it itself, a pattern and the only one have none', () => {
  const text =
    'package a\n\nimport data.lib\n\nx if {\n\tlow := 1\n\tlib.between(low, input.High)\n\tlib.first([1, 2], count([]))\n}\n';
  assert.is(hinted(text), text.replace('count(', '«other:»count('));
});

test('only calls in the asked range are named, and none in a text with faults', () => {
  const text = 'package a\n\nx := startswith("a", "b")\n\ny := endswith("a", "b")\n';
  assert.is(
    hinted(text, text.indexOf('y :=')),
    text.replace('endswith("a", "b")', 'endswith(«search:»"a", «base:»"b")'),
  );
  assert.is(hinted(`${text}z if {`), `${text}z if {`);
});

test.run();
