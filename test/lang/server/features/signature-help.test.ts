/** Which call the cursor is in, and how its function is called; the texts are those of somebody typing. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { signatureHelp } from '../../../../lang/server/features/signature-help.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/signature-help');

const LIMITS = { 'limits.policy': 'package limits\n\nof(name, factor) := count(name) * factor\n' };

function help(marked: string, others = LIMITS): readonly [string, string] | undefined {
  const { host, workspace, document, offset } = openMarked(marked, others);
  const found = signatureHelp(host, workspace, document, offset);
  const [signature] = found?.signatures ?? [];
  if (signature === undefined) return undefined;
  const parameter = signature.parameters?.[found?.activeParameter ?? 0];
  return [signature.label, String(parameter?.label)];
}

test('a builtin is shown with the names and types of its parameters', () => {
  const label = 'startswith(search: string, base: string) => boolean';
  assert.equal(help('package a\n\nallow if startswith(‸'), [label, 'search: string']);
  assert.equal(help('package a\n\nallow if startswith(input.x, ‸'), [label, 'base: string']);
  assert.equal(help('package a\n\nallow if {\n\tstartswith("a,(b", ‸)\n}\n'), [
    label,
    'base: string',
  ]);
});

test('a builtin is shown with what it does', () => {
  const { host, workspace, document, offset } = openMarked('package a\n\nallow if startswith(‸');
  const [found] = signatureHelp(host, workspace, document, offset)?.signatures ?? [];
  assert.match(String(found?.documentation), /^Whether `search` begins with `base`/);
});

test('a dotted builtin is known by its whole name', () => {
  assert.match(help('package a\n\nx := object.get({"a": [1, 2]}, ‸')?.[0] ?? '', /^object\.get\(/);
  assert.is(help('package a\n\nx := object.get({"a": [1, 2]}, ‸')?.[1].split(':')[0], 'key');
});

test('the innermost call counts, and what is closed does not', () => {
  assert.match(help('package a\n\nx := concat(",", split(‸')?.[0] ?? '', /^split\(/);
  assert.match(help('package a\n\nx := concat(",", split("a", "b"), ‸')?.[0] ?? '', /^concat\(/);
  assert.match(help('package a\n\nx := concat(",", [y, z, ‸')?.[0] ?? '', /^concat\(/);
});

test('a function of the policies has the names of its head and the types that were inferred', () => {
  const label = 'limits.of(name: any, factor: number) => number';
  const found = help('package a\n\nimport data.limits\n\nx := limits.of("a", ‸)\n');
  assert.is(found?.[1], 'factor: number');
  assert.match(found?.[0] ?? '', /^limits\.of\(name: .*, factor: number\) => number$/, label);
  assert.is(help('package limits\n\nx := of(‸)\n')?.[0].split('(')[0], 'of');
});

test('outside of calls, and in those of nothing known, there is none', () => {
  assert.is(help('package a\n\nx := startswith("a", "b") ‸'), undefined);
  assert.is(help('package a\n\nx := (1 + ‸'), undefined);
  assert.is(help('package a\n\nx := nowhere.of(‸'), undefined);
  assert.is(help('‸'), undefined);
});

test.run();
