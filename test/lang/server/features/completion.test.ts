/** What is offered at a cursor. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { complete, withDescription } from '../../../../lang/server/features/completion.ts';
import { KEYWORD_NAMES } from '../../../../lang/server/features/keywords.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/completion');

const OTHERS = {
  'limits.policy': 'package team.limits\n\nmost := 5\n\nleast := 1\n',
  'more.policy': 'package main\n\nbeside := 1\n',
};

function labels(marked: string): readonly string[] {
  const { host, workspace, document, offset } = openMarked(marked, OTHERS);
  return complete(host, workspace, document, offset).map(({ label }) => label);
}

test('a name may be a variable, an import, a rule of the package, a builtin or a keyword', () => {
  const found = labels(
    'package main\n\nimport data.team.limits as bounds\n\nhere := 1\n\np if {\n\tsome index, value in [1]\n\tindex > 0\n\t‸value > 1\n}\n',
  );
  const wanted = ['input', 'data', 'bounds', 'index', 'value', 'here', 'beside', 'count', 'every'];
  for (const label of wanted) assert.ok(found.includes(label), label);
  for (const label of ['limits', 'most', '_']) assert.not(found.includes(label), label);
  assert.is(found.filter((label) => label === 'here').length, 1);
});

test('below data there are packages and rules, also through an import', () => {
  assert.equal(labels('package main\n\np := data.‸x\n'), ['team', 'main']);
  assert.equal(labels('package main\n\np := data.team.‸x\n'), ['limits']);
  assert.equal(labels('package main\n\np := data.team.limits.‸x\n'), ['most', 'least']);
  assert.equal(labels('package main\n\nimport data.team\n\np := team.limits.mo‸\n'), [
    'most',
    'least',
  ]);
});

test('a builtin that is refused is not offered, but in a test, where it may be replaced', () => {
  assert.equal(labels('package main\n\np := http.‸\n'), []);
  assert.not(labels('package main\n\np := ‸x\n').includes('rand.intn'));
  const { host, workspace } = openMarked('package main\n');
  const text = 'package main_test\n\np := http.\n';
  workspace.put('main_test.policy', text);
  const document = workspace.find('main_test.policy');
  assert.ok(document);
  if (document === undefined) return;
  const found = complete(host, workspace, document, text.indexOf('http.') + 5);
  assert.equal(
    found.map(({ label }) => label),
    ['send'],
  );
});

test('what a builtin does is told when its item is looked at', () => {
  const { host } = openMarked('package main\n');
  const detail = 'json.marshal(x: any) => string';
  const item = withDescription(host, { label: 'marshal', kind: 3, detail });
  assert.match(String(item.documentation), /as JSON/);
  assert.equal(withDescription(host, { label: 'count', kind: 6 }), { label: 'count', kind: 6 });
});

test('a builtin is offered by the rest of its name, with how it is called', () => {
  assert.ok(labels('package main\n\np := object.‸get\n').includes('get'));
  const { host, workspace, document, offset } = openMarked('package main\n\np := ‸x\n');
  const count = complete(host, workspace, document, offset).find(({ label }) => label === 'count');
  assert.match(count?.detail ?? '', /^count\(collection: .*\) => number$/);
});

test('every word of the language is a keyword, `true` too', () => {
  for (const word of ['if', 'contains', 'not', 'true', 'null', 'with'])
    assert.ok(KEYWORD_NAMES.includes(word), word);
});

test.run();
