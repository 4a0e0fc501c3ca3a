/** A text that is parsed by the one before it comes out as if it had been parsed whole, whatever was edited. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseModule } from '../../../lang/parse.ts';
import { type GoodText, reparse } from '../../../lang/server/reparse.ts';

const parsing = suite('lang/server/reparse');

const RUNS = Number(process.env['REPARSE_RUNS'] ?? '1500');
const RULES = [
  'default allow := false',
  'allow if input.a',
  'p := {x |\n\tsome x in [1, 2] # two\n\tx > 1\n}',
  'f(x) := y if {\n\ty := x + 1\n} else := "small"',
  'q contains sprintf("%d", [x]) if some x in p',
  'r := `a\n"raw" { text`',
  't := $"{count(p)} of {q}"',
  '# METADATA\n# title: s\ns[x].y := true if {\n\tevery z in x {\n\t\tnot z == 3\n\t}\n}',
  'u := [\n\t1, # one\n\t2,\n]',
  'v if { not w; count(x) > 0 } # end',
  'w := {"a": {"b": [1, {2}]}}',
];
/** What is typed in most places. */
const TYPED = [
  'x',
  ' ',
  '\n',
  '\n\tx',
  '.',
  '1',
  ' ==',
  '"',
  ' | ',
  ', y',
  '\ninput.identity.kind == "human"',
];
/** Words and signs that can change what is read behind them. */
const REACHING = [
  ...'{}[]()`#$:='.split(''),
  ' if ',
  ' else := 2 ',
  'default ',
  'import data.a\n',
  'package b\n',
  '\nx := 1\n',
  'not ',
  '$"{',
  'some x in ',
  '"unfinished',
  '`unfinished',
  '\uFEFF',
  '\u202E',
  '\uD800',
];

const text = fc
  .record({
    imports: fc.subarray(['import data.a', 'import future.keywords.not', 'import input.x as y']),
    rules: fc.array(fc.constantFrom(...RULES), { minLength: 4, maxLength: 9 }),
    between: fc.constantFrom('\n', '\n\n', '\n# note\n'),
  })
  .map(({ imports, rules, between }) => ['package a', ...imports, rules.join(between)].join('\n'));
const edit = fc.record({
  at: fc.double({ min: 0.1, max: 1, noNaN: true }),
  removed: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(12)),
  typed: fc.oneof(fc.constantFrom(...TYPED), fc.constantFrom(...REACHING), fc.constant('')),
});

function goodText(text: string): GoodText | undefined {
  const source = { name: 'a.policy', text };
  const { module, diagnostics } = parseModule(source);
  return module === undefined || diagnostics.length > 0 ? undefined : { source, module };
}

parsing('random edits give what a parse of the whole text gives, faults and all', () => {
  const told = { whole: 0, good: 0, faulty: 0 };
  fc.assert(
    fc.property(text, fc.array(edit, { minLength: 1, maxLength: 3 }), (first, edits) => {
      let before = goodText(first);
      let now = first;
      for (const { at, removed, typed } of edits) {
        if (before === undefined) return;
        const from = Math.floor(at * now.length);
        now = now.slice(0, from) + typed + now.slice(from + removed);
        const source = { name: 'a.policy', text: now };
        const found = reparse(before, source);
        const whole = parseModule(source);
        if (found === undefined) told.whole += 1;
        else {
          assert.equal(found.diagnostics, whole.diagnostics, now);
          if (whole.diagnostics.length === 0) assert.equal(found.module, whole.module, now);
          if (whole.diagnostics.length === 0) told.good += 1;
          else told.faulty += 1;
        }
        if (whole.diagnostics.length === 0) before = goodText(now) ?? before;
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(told.good > RUNS / 10 && told.faulty > RUNS / 10, JSON.stringify(told));
});

parsing('a line typed into a rule is parsed without the rest, at every letter', () => {
  const first = ['package a', 'import data.a', ...RULES.slice(0, 5)].join('\n\n');
  let before = goodText(first);
  const at = first.indexOf('x > 1') + 'x > 1'.length;
  const line = '\n\tinput.identity.kind == "human"';
  for (let length = 1; length <= line.length; length += 1) {
    const typed = line.slice(0, length);
    const source = { name: 'a.policy', text: first.slice(0, at) + typed + first.slice(at) };
    if (before === undefined) throw new Error('the text before has faults');
    const found = reparse(before, source);
    assert.equal(found?.diagnostics, parseModule(source).diagnostics, typed);
    before = goodText(source.text) ?? before;
  }
});

parsing(
  'rules that an edit does not reach are the same objects, where it moves none of them',
  () => {
    const before = goodText(`package a\n\nimport data.a\n\n${RULES.slice(0, 5).join('\n\n')}`);
    if (before === undefined) throw new Error('the text before has faults');
    const source = { name: 'a.policy', text: before.source.text.replace('x > 1', 'x < 1') };
    const found = reparse(before, source);
    const kept = before.module.rules.map((rule, at) => found?.module?.rules[at] === rule);
    assert.equal(kept, [true, true, false, true, true]);
  },
);

parsing('what reaches further is parsed whole', () => {
  const before = goodText(`package a\n\n${RULES.join('\n\n')}`);
  if (before === undefined) throw new Error('the text before has faults');
  for (const [from, to] of [
    ['package a', 'package b'],
    ['x > 1', 'x > 1 }'],
    ['x > 1', '`x > 1'],
    ['input.a', '{'],
    ['allow if input.a', 'import data.b'],
  ] as const) {
    const source = { name: 'a.policy', text: before.source.text.replace(from, to) };
    const found = reparse(before, source);
    if (found !== undefined) assert.equal(found.diagnostics, parseModule(source).diagnostics, to);
  }
  const renamed = { name: 'a.policy', text: before.source.text.replace('package a', 'package b') };
  assert.is(reparse(before, renamed), undefined);
});

parsing.run();
