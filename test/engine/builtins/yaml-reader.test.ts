import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readYaml } from '../../../engine/builtins/yaml-reader.ts';
import { isFault } from '../../../engine/value/fault.ts';
import { writeJson } from '../../../engine/value/json.ts';

const test = suite('engine/builtins/yaml-reader');

function read(text: string): string {
  const value = readYaml(text);
  return isFault(value) ? value.message : writeJson(value);
}

test('characters that YAML has not are refused, and so are escaped halves of a pair', () => {
  for (const text of ['\uffff', 'a: \u0001', '# \u0007', 'a\u0080: 1'])
    assert.is(read(text), 'yaml: control characters are not allowed');
  assert.is(read('"\\ud83d\\ude00"'), 'yaml: found invalid Unicode character escape code');
  assert.is(read('"\\\\ud83d"'), '"\\\\ud83d"');
});

test('U+0085 breaks the line', () => {
  assert.is(read('a: b\u0085c: d'), '{"a":"b","c":"d"}');
});

test('a block that ends with the text has no line break at its end', () => {
  assert.is(read('a: |\n  x\n  y'), '{"a":"x\\ny"}');
  assert.is(read('a: |\n  x\n  y\n'), '{"a":"x\\ny\\n"}');
});

test('a tag for a number or word that the text is not is refused', () => {
  assert.match(read('!!int a'), 'cannot decode');
  assert.match(read('!!float "a b"'), 'cannot decode');
  assert.match(read('!!binary a'), 'no base64');
  assert.is(read('!!binary YQ=='), '"a"');
});

test('a number that no float holds is a text', () => {
  assert.is(read('1e3017'), '"1e3017"');
});

test('documents behind the first must be well-formed and begun', () => {
  assert.is(read('a: 1\n---\nb: 2\n'), '{"a":1}');
  assert.match(read('a: 1\n---\nb: [\n'), 'yaml: line');
  assert.is(read('a: 1\n...\nb: 2\n'), 'yaml: did not find expected <document start>');
  assert.is(read('...\n'), 'yaml: did not find expected <document start>');
  assert.is(read('%YAML 1.2\n---\na: 1\n'), 'yaml: found incompatible YAML document');
});

test.run();
