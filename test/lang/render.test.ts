import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../lang/diagnostic.ts';
import { renderDiagnostic } from '../../lang/render.ts';

const test = suite('lang/render');

function at(text: string, underlined: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(underlined);
  const span = { start, end: start + underlined.length };
  const source = { name: 'a.policy', text };
  return {
    code: 'parse/unexpected-token',
    severity: 'error',
    message: 'wrong',
    source,
    span,
    ...more,
  };
}
const plain = (diagnostic: Diagnostic): string => renderDiagnostic(diagnostic, { colour: false });

test('shows place, code, line and underline', () => {
  assert.is(
    plain(at('package a\np := foo + 1\n', 'foo')),
    'a.policy:2:6: error: wrong [parse/unexpected-token]\n  2 | p := foo + 1\n    |      ^^^',
  );
});

test('tabs are widened on both lines alike', () => {
  assert.is(
    plain(at('\tx\ty', 'y')).split('\n').slice(1).join('\n'),
    '  1 |     x    y\n    |          ^',
  );
});

test('a long line is cut around the fault', () => {
  const lines = plain(at(`${'a'.repeat(5000)}!${'b'.repeat(5000)}`, '!')).split('\n');
  assert.ok(lines.every((line) => line.length < 140));
  assert.is(lines[2]?.indexOf('^'), lines[1]?.indexOf('!'));
});

test('a fault over several lines is underlined on its first, one at the end has a caret', () => {
  assert.match(plain(at('p := "a\nb"', '"a\nb"')), /\| {6}\^\^$/m);
  const end = { ...at('ab', 'ab'), span: { start: 2, end: 2 } };
  assert.match(plain(end), /\| ab\n {4}\| {3}\^$/);
});

test('help and related places follow', () => {
  const related = [
    {
      source: { name: 'b.policy', text: 'q := 2' },
      span: { start: 0, end: 1 },
      message: 'also here',
    },
  ];
  const text = plain(at('p', 'p', { help: 'do this', related }));
  assert.match(text, '\n  help: do this\n  b.policy:1:1: also here\n  1 | q := 2\n    | ^');
});

test('characters that drive a terminal are shown harmless', () => {
  const text = plain(at('p \u001b[31m\u202E', 'p', { message: 'a\u0007b' }));
  for (const unit of ['\u0007', '\u001b', '\u202E']) assert.is(text.includes(unit), false);
});

test('colour marks severity and can be left out', () => {
  assert.match(renderDiagnostic(at('p', 'p'), { colour: true }), '\u001b[31merror');
  assert.not.match(plain(at('p', 'p')), '\u001b');
});

test.run();
