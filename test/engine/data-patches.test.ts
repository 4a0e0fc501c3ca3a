import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DataPatch, patchData } from '../../engine/data-patches.ts';
import { writeJson } from '../../engine/value/json.ts';
import { fromPlain } from '../../engine/value/plain.ts';

const test = suite('engine/data-patches');
const data = fromPlain({ lists: { a: [1, 2, { k: 'v' }], n: null }, users: { ada: { level: 1 } } });

interface PlainPatch {
  readonly op: DataPatch['op'];
  readonly path: string;
  readonly value?: unknown;
}

/** The document afterwards as JSON, or the fault as `kind path`. */
function after(...patches: readonly PlainPatch[]): string {
  const result = patchData(
    data,
    patches.map(({ op, path, value }) => {
      const segments = path.split('/').filter((segment) => segment !== '');
      if (op === 'remove') return { op, path: segments };
      return { op, path: segments, value: fromPlain(value) };
    }),
  );
  if (result.fault !== undefined) return `${result.fault.kind} ${result.fault.path.join('/')}`;
  return writeJson(result.data);
}

const USERS = '"users":{"ada":{"level":1}}';

test('add sets a member, inserts an item, and `-` appends one', () => {
  assert.is(
    after(
      { op: 'add', path: 'lists/a/0', value: 'first' },
      { op: 'add', path: 'lists/a/-', value: 'last' },
      { op: 'add', path: 'lists/b', value: {} },
    ),
    `{"lists":{"a":["first",1,2,{"k":"v"},"last"],"b":{},"n":null},${USERS}}`,
  );
});

test('replace and remove want something there', () => {
  assert.is(
    after({ op: 'replace', path: 'lists/a/2/k', value: 1 }, { op: 'remove', path: 'lists/a/0' }),
    `{"lists":{"a":[2,{"k":1}],"n":null},${USERS}}`,
  );
  assert.is(after({ op: 'replace', path: 'lists/b', value: 1 }), 'not-found lists/b');
  assert.is(after({ op: 'remove', path: 'users/ben' }), 'not-found users/ben');
  assert.is(after({ op: 'remove', path: 'lists/a/3' }), 'not-found lists/a/3');
  assert.is(after({ op: 'replace', path: 'lists/a/x', value: 1 }), 'not-found lists/a/x');
  assert.is(after({ op: 'remove', path: 'lists/n/x' }), 'not-found lists/n/x');
});

test('add does not make the objects on its way, put does', () => {
  assert.is(after({ op: 'add', path: 'x/y', value: 1 }), 'not-found x');
  assert.is(
    after({ op: 'put', path: 'x/y', value: 1 }, { op: 'remove', path: 'lists' }),
    `{${USERS},"x":{"y":1}}`,
  );
  assert.is(after({ op: 'put', path: 'users/ada/level/x', value: 1 }), 'conflict users/ada/level');
  assert.is(after({ op: 'put', path: 'lists/a/9', value: 1 }), 'conflict lists/a');
});

test('merge removes what is null, merges objects and replaces the rest', () => {
  assert.is(
    after({
      op: 'merge',
      path: 'users',
      value: { ada: { level: null, name: 'Ada' }, ben: { level: 2, gone: null }, cleo: null },
    }),
    '{"lists":{"a":[1,2,{"k":"v"}],"n":null},"users":{"ada":{"name":"Ada"},"ben":{"level":2}}}',
  );
});

test('a merge of very many members gives what single ones give', () => {
  const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, at) => [`u${at}`, { at }]));
  const text = after({ op: 'merge', path: 'users', value: { ...many, ada: null } });
  assert.is(text.match(/"at":/g)?.length, 1_500);
  assert.not.match(text, 'ada');
});

test('the root stays an object', () => {
  assert.is(after({ op: 'put', path: '', value: { x: 1 } }), '{"x":1}');
  assert.is(after({ op: 'put', path: '', value: [1] }), 'invalid ');
  assert.is(after({ op: 'remove', path: '' }), '{}');
});

test('a list with one impossible change changes nothing, and the document given never changes', () => {
  const before = writeJson(data);
  const faulty = after({ op: 'remove', path: 'users' }, { op: 'remove', path: 'users' });
  assert.is(faulty, 'not-found users');
  assert.is(writeJson(data), before);
});

test.run();
