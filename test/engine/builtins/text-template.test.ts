/** Results are those of OPA. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callBuiltin } from '../../support/builtin-calls.ts';
import { resultsOf } from '../../support/builtin-results.ts';

const test = suite('engine/builtins/text-template');

const RENDERED: readonly (readonly [call: string, result: unknown])[] = [
  ['strings.render_template("{{printf `%d %v %q` 3 .a .b}}", {"a": 1, "b": "x"})', '3 1 "x"'],
  ['strings.render_template("{{printf `%d` .a}}", {"a": 1})', '%!d(json.Number=1)'],
  [
    'strings.render_template("{{len .a}} {{index .a 1}} {{index .b `k`}}", {"a": [1, 2], "b": {"k": "v"}})',
    '2 2 v',
  ],
  [
    'strings.render_template("{{eq .a `x`}} {{ne 1 2}} {{lt 1 2}} {{ge 1.5 2.5}}", {"a": "x"})',
    'true true true false',
  ],
  ['strings.render_template("{{eq .a 1}}", {"a": 1})', null],
  ['strings.render_template("{{eq .a .b}}", {"a": 1, "b": "1"})', 'true'],
  [
    'strings.render_template("{{and .a .b}} {{or .a .b}} {{not .a}}", {"a": "", "b": "y"})',
    ' y true',
  ],
  ['strings.render_template("{{.a | printf `<%s>` | html}}", {"a": "x"})', '&lt;x&gt;'],
  [
    'strings.render_template("{{range $i, $e := .a}}{{$i}}={{$e}};{{end}}", {"a": ["p", "q"]})',
    '0=p;1=q;',
  ],
  [
    'strings.render_template("{{range .a}}{{if eq . `q`}}{{break}}{{end}}{{.}}{{else}}none{{end}}", {"a": ["p", "q", "r"]})',
    'p',
  ],
  ['strings.render_template("{{range .a}}{{.}}{{else}}none{{end}}", {"a": []})', 'none'],
  ['strings.render_template("{{range .a}}{{.}}{{end}}", {"a": "text"})', null],
  ['strings.render_template("{{range 3}}{{.}}{{end}}", {})', '012'],
  ['strings.render_template("a {{- /* c */ -}} b {{- `c` }} -}} d", {})', 'abc -}} d'],
  ['strings.render_template("{{ /* c */ }}", {})', null],
  ['strings.render_template("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", {})', '2'],
  ['strings.render_template("{{with .a}}{{.b}}{{else with .c}}{{.}}{{end}}", {"c": "d"})', 'd'],
  ['strings.render_template("{{if .a}}yes{{else}}no{{end}}", {"a": 0})', 'yes'],
  [
    'strings.render_template("{{.a.b.c}} {{.x}} {{print .x}}", {"a": {}})',
    '<undefined> <undefined> <nil>',
  ],
  ['strings.render_template("{{.a.b}}", {"a": null})', null],
  [
    'strings.render_template("{{.}}", {"a": {"b": null}, "c": [1, "x"]})',
    'map[a:map[b:<nil>] c:[1 x]]',
  ],
  [
    'strings.render_template("{{print 1 2 `a` 3 1e3 \'b\' 0x1F 1e30}}", {})',
    '1 2a3 1000 98 31 1e+30',
  ],
  [
    'strings.render_template("{{js .a}} {{urlquery .a}}", {"a": "<a b=\'c\'>"})',
    "\\u003Ca b\\u003D\\'c\\'\\u003E %3Ca+b%3D%27c%27%3E",
  ],
  ['strings.render_template("{{slice .a 1 2}}", {"a": "abc"})', 'b'],
  ['strings.render_template("{{println .a}}", {"a": true})', 'true\n'],
  ['strings.render_template("{{.a}}", {"a": {1}})', null],
  ['strings.render_template("{{(index .a 0).b}}", {"a": [{"b": "deep"}]})', 'deep'],
  ['strings.render_template("{{\\"\\\\u00e9\\\\x41\\"}}{{\'\\\\n\'}}", {})', 'éA10'],
  ['strings.render_template("{{.a", {"a": 1})', null],
  ['strings.render_template("{{nope .a}}", {"a": 1})', null],
  ['strings.render_template("{{call .a}}", {"a": 1})', null],
];

test('templates give what OPA gives; null stands for no result', () => {
  const calls = RENDERED.map(([call]) => call);
  assert.equal(
    resultsOf(...calls),
    RENDERED.map(([, result]) => result),
  );
});

test('what a template computes, repeats and nests is bounded', () => {
  const rendered = (template: string): string =>
    callBuiltin('strings.render_template', template, {});
  const tooLong = 'fault: template exceeds the limit of 1000000 characters';
  assert.is(rendered('{{$x := "ab"}}{{range 99}}{{$x = printf "%s%s" $x $x}}{{end}}'), tooLong);
  assert.is(rendered('{{range 100000000}}x{{end}}'), tooLong);
  const tooDeep = 'fault: template exceeds the limit of 100 nested blocks';
  assert.is(rendered(`{{${'('.repeat(5000)}1${')'.repeat(5000)}}}`), tooDeep);
  assert.is(rendered('{{if 1}}'.repeat(3000) + '{{end}}'.repeat(3000)), tooDeep);
  assert.is(rendered('{{define "x"}}{{end}}'), 'fault: template: {{define}} is not supported');
});

test.run();
