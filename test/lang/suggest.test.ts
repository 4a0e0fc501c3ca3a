import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { suggest } from '../../lang/suggest.ts';

const test = suite('lang/suggest');

test('finds the name that was meant', () => {
  assert.is(suggest('statments', ['tables', 'statements', 'states']), 'statements');
  assert.is(suggest('cuont', ['concat', 'count']), 'count');
  assert.is(suggest('Input', ['input']), 'input');
});

test('is silent where nothing is close', () => {
  assert.is(suggest('xyz', ['count', 'sum']), undefined);
  assert.is(suggest('ab', ['cd']), undefined);
  assert.is(suggest('name', ['name']), undefined);
  assert.is(suggest('x', ['y', 'xs']), undefined);
  assert.is(suggest('Id', ['id']), 'id');
  assert.is(suggest('a'.repeat(1000), ['a'.repeat(999)]), undefined);
});

test('the closest wins, the first among equals', () => {
  assert.is(suggest('colour', ['colors', 'color', 'colout']), 'color');
});

test.run();
