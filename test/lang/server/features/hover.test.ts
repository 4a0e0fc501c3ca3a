/** What hover tells of variables, rules and fields. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hoverText } from '../../../../lang/server/features/hover.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/hover');

const OTHERS = {
  'shared.policy': `# METADATA
# title: Limits
# description: What is too much.
package shared

# METADATA
# title: The most rows
# description: |
#   Rows one answer may have.
# custom:
#   control: SOC 2 CC6.1
limit := 5

# Whether a number is
# too large.
large(number) if number > limit
`,
};

function hover(marked: string): string {
  const { host, workspace, document, offset } = openMarked(marked, OTHERS);
  return hoverText(host, workspace, document, offset) ?? '';
}
const code = (text: string): string => `\`\`\`policy\n${text}\n\`\`\``;

test('a variable has the type that was inferred of it', () => {
  const rule = (body: string): string => `package a\n\np if {\n\t${body}\n}\n`;
  assert.is(hover(rule('x := 1\n\tx‸ > 0')), code('x: number'));
  assert.is(hover(rule('some k‸, v in {"a": true}\n\tv')), code('k: string'));
  assert.is(hover(rule('some k, v in {"a": true}\n\tv‸')), code('v: boolean'));
  assert.is(hover(rule('xs := [y‸ | y := count("abc")]\n\txs[0]')), code('y: number'));
  assert.is(hover(rule('every item in [1, 2] {\n\t\titem‸ > 0\n\t}')), code('item: number'));
  assert.is(
    hover('package a\n\nf(x, y) := z if {\n\tz‸ := concat(y, [x])\n}\n'),
    code('z: string'),
  );
  assert.is(hover('package a\n\nf(x‸) := x\n'), code('x: any'));
});

test('a variable after an edit above it is still found', () => {
  const { host, workspace } = openMarked('package a\n\np if {\n\tx := 1\n\tx > 0\n}\n');
  workspace.check();
  const text = 'package a\n\nq := true\n\np if {\n\tx := 1\n\tx > 0\n}\n';
  workspace.put('main.policy', text);
  const document = workspace.find('main.policy');
  assert.ok(document);
  if (!document) return;
  assert.is(hoverText(host, workspace, document, text.indexOf('x >')), code('x: number'));
});

test('a variable of the input is told by its schema', () => {
  const text = 'package a\n\np if {\n\tsome s in input.action.sql.statements\n\ts.ver‸b\n}\n';
  assert.match(hover(text), '`input.action.sql.statements[].verb`');
});

test('a rule has its type and what its METADATA says', () => {
  assert.is(
    hover('package a\n\nimport data.shared\n\np if shared.lim‸it > 3\n'),
    [
      code('data.shared.limit: number'),
      '**The most rows**',
      'Rows one answer may have.',
      '- control: SOC 2 CC6.1',
    ].join('\n\n'),
  );
});

test('a function has its signature and the comment above it', () => {
  assert.is(
    hover('package a\n\np if data.shared.lar‸ge(3)\n'),
    `${code('data.shared.large(number: any) => boolean')}\n\nWhether a number is\ntoo large.`,
  );
});

test('a rule of the own package and a builtin are told, a keyword is not', () => {
  assert.is(hover('package a\n\nq := {1}\n\np if q‸[1]\n'), code('data.a.q: set of number'));
  assert.is(
    hover('package a\n\np if object.ge‸t({}, "a", 1)\n').split('(')[0],
    '```policy\nobject.get',
  );
  assert.is(hover('package a\n\np i‸f true\n'), '');
});

test('a builtin is told with what it does, which a function of the policies of that name is not', () => {
  assert.match(
    hover('package a\n\np if starts‸with("ab", "a")\n'),
    /^```policy\nstartswith\(search: string, base: string\) => boolean\n```\n\nWhether `search` begins with/,
  );
  assert.not.match(
    hover('package a\n\np if starts‸with("ab")\n\nstartswith(x) := x == "ab"\n'),
    /begins with/,
  );
});

test.run();
