/** What the words of a text are told to be. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  semanticTokens,
  TOKEN_MODIFIERS,
  TOKEN_TYPES,
} from '../../../../lang/server/features/semantic-tokens.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/semantic-tokens');

/** Each word with its kind and modifiers, read back from the numbers as an editor reads them. */
function words(text: string, lines?: readonly [number, number]): readonly string[] {
  const { host, workspace, document } = openMarked(text, {
    'shared.policy': 'package shared\n\nlimit := 5\n',
  });
  const { map } = document;
  const within = {
    start: map.offsetAt({ line: lines?.[0] ?? 0, character: 0 }),
    end: lines === undefined ? text.length : map.offsetAt({ line: lines[1], character: 0 }),
  };
  const data = semanticTokens(host, workspace, document, within);
  const found: string[] = [];
  let [line, character] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, right = 0, length = 0, kind = 0, bits = 0] = data.slice(at, at + 5);
    character = down === 0 ? character + right : right;
    line += down;
    const start = map.offsetAt({ line, character });
    const modifiers = TOKEN_MODIFIERS.filter((_, bit) => (bits & (1 << bit)) !== 0);
    const shown = [TOKEN_TYPES[kind], ...modifiers].join('.');
    found.push(`${text.slice(start, start + length)} ${shown}`);
  }
  return found;
}

test('names are told by what they mean', () => {
  const text = `package team.access # who

import data.shared

allow if {
	some group in input.identity.groups
	count(group) > shared.limit
	object.get(extra, "a", 1) == double(2)
}

extra := {}

double(x) := x * 2
`;
  assert.equal(words(text), [
    'package keyword',
    'team namespace',
    'access namespace',
    '# who comment',
    'import keyword',
    'data variable.defaultLibrary',
    'shared property',
    'allow variable.definition.static',
    'if keyword',
    'some keyword',
    'group variable.definition',
    'in keyword',
    'input variable.defaultLibrary',
    'identity property',
    'groups property',
    'count function.defaultLibrary',
    'group variable',
    '> operator',
    'shared variable',
    'limit variable.static',
    'object function.defaultLibrary',
    'get function.defaultLibrary',
    'extra variable.static',
    '"a" string',
    '1 number',
    '== operator',
    'double function.static',
    '2 number',
    'extra variable.definition.static',
    ':= operator',
    'double function.definition.static',
    'x variable.definition',
    ':= operator',
    'x variable',
    '* operator',
    '2 number',
  ]);
});

test('a text with faults keeps the colours that need no understanding', () => {
  assert.equal(words('package a\n\nallow if {\n\tinput.identity == \n'), [
    'package keyword',
    'a namespace',
    'allow variable',
    'if keyword',
    'input variable.defaultLibrary',
    'identity property',
    '== operator',
  ]);
});

test('a string of several lines is a word for each', () => {
  assert.equal(words('package a\n\nx := `one\n\ntwo`\n').slice(-2), ['`one string', 'two` string']);
});

test('of a range only its words are told', () => {
  assert.equal(words('package a\n\nx := 1\n\ny := 2\n', [2, 3]), [
    'x variable.definition.static',
    ':= operator',
    '1 number',
  ]);
});

test.run();
