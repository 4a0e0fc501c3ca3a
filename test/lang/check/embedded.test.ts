import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOfModules } from '../../support/checked.ts';

const test = suite('lang/check/embedded');
const faults = (value: string): readonly string[] =>
  faultsOfModules([`package p\n\nq := ${value} if x := 0 with json.marshal as upper\n`]).map(
    (fault) => fault.split(':')[0] ?? '',
  );

test('a piece of a template names only what the body has bound by then', () => {
  assert.equal(faults('$"{x + 1}"'), ['check/undeclared-var']);
  assert.equal(faults('$"{[x]}"'), ['check/undeclared-var']);
  assert.equal(faults('$"{x}"'), []);
});

test('a template inside a piece is asked on its own, and a name alone in it is not', () => {
  assert.equal(faults('$"{$"{x}"}"'), []);
  assert.equal(faults('$"{[$"{x}"]}"'), []);
  assert.equal(faults('$"{$"{x + 1}"}"'), ['check/undeclared-var']);
});

test.run();
