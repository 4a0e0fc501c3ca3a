import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CHILD_KEYS, childrenOf } from '../../../lang/ast/child-keys.ts';
import type { Node } from '../../../lang/ast/nodes.ts';
import { visit } from '../../../lang/ast/visit.ts';
import { moduleOf } from '../../support/syntax.ts';

const test = suite('lang/ast/visit');
const module = moduleOf(
  'package a\nimport data.b as c\np[x] := [y | some y in x; not y.z] if f(-x, {"k": $"{x}"})\n',
);

test('visits every node once, parents first, in source order', () => {
  const seen: Node[] = [];
  visit(module, { enter: (node) => void seen.push(node) });
  assert.is(new Set(seen).size, seen.length);
  assert.ok(seen.length > 30);
  for (const node of seen) {
    const starts = childrenOf(node).map((child) => child.span.start);
    assert.equal(
      starts,
      starts.toSorted((a, b) => a - b),
      node.kind,
    );
    for (const child of childrenOf(node)) {
      assert.ok(
        child.span.start >= node.span.start && child.span.end <= node.span.end,
        `${node.kind} > ${child.kind}`,
      );
      assert.ok(seen.indexOf(child) > seen.indexOf(node));
    }
  }
});

test('calls the function of the kind with the ancestors', () => {
  const names: string[] = [];
  visit(module, {
    Var: (node, ancestors) => void names.push(`${ancestors.at(-1)?.kind} ${node.name}`),
  });
  assert.ok(names.includes('Import c') && names.includes('SomeIn y') && names.includes('Infix x'));
});

test('skip leaves out the children, stop ends the walk', () => {
  const seen: string[] = [];
  const finished = visit(module, {
    ArrayComprehension: () => 'skip',
    Call: () => 'stop',
    Var: (node) => void seen.push(node.name),
  });
  assert.is(finished, false);
  assert.equal(seen, ['c', 'p', 'x']);
});

test('leave comes after the children', () => {
  const order: string[] = [];
  visit(module.package, {
    enter: (n) => void order.push(`+${n.kind}`),
    leave: (n) => void order.push(`-${n.kind}`),
  });
  assert.equal(order, ['+Package', '-Package']);
});

test('the table knows every kind the parser makes', () => {
  visit(module, { enter: (node) => void assert.ok(Object.hasOwn(CHILD_KEYS, node.kind)) });
});

test.run();
