import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { valueAt } from '../../support/policies.ts';

const test = suite('engine/interpret/rule-tree');
const ENGINES = ['interpret', 'compiled'] as const;

test('a default below or beside a head with variables gives nothing, as in OPA', () => {
  const keyed = 'p.q[x] := 2 if some x in ["z"]\n';
  const other = 'p[x].y := 2 if some x in ["q"]\n';
  for (const engine of ENGINES) {
    const at = (path: string, text: string) => valueAt(path, text, { engine });
    assert.equal(at('p.p', `default p.q.r := 1\n\n${keyed}`), { q: { z: 2 } });
    assert.is(at('p.s', `default p.q.r := 1\n\n${keyed}\ns := p.q.r\n`), undefined);
    assert.equal(at('p.p', `default p.q.r := 1\n\n${other}`), { q: { y: 2 } });
    assert.equal(at('p.p', 'default p.q.r := 1\n\np.q.s := 2\n'), { q: { r: 1, s: 2 } });
    assert.equal(at('p.p', 'default p.q.r := 1\n\np[1] := 2\n'), { '1': 2, q: { r: 1 } });
    assert.equal(at('p.p', 'default p[1] := 1\n'), { '1': 1 });
  }
});

test('rules of a package below a head with variables are part of its document', () => {
  const texts = [
    'package p.a.b\n\nx := 1\ny.z := 2\nw contains 3\n',
    'package p\n\na[x] := 1 if some x in ["c"]\n\nq := data.p.a.b.y.z\n',
  ];
  for (const engine of ENGINES) {
    const whole = { b: { w: [3], x: 1, y: { z: 2 } }, c: 1 };
    assert.equal(valueAt('p.a', texts, { engine }), whole);
    assert.is(valueAt('p.q', texts, { engine }), 2);
  }
});

test('a set that a head with a variable gives takes the members of a rule beside it', () => {
  const text = 'a.b contains 1\n\na[x] := {2} if some x in ["b"]\n';
  for (const engine of ENGINES) assert.equal(valueAt('p.a', text, { engine }), { b: [1, 2] });
});

test.run();
