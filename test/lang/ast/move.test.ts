/** A moved node says the same, stands as far away as asked, and leaves what it is a copy of alone. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equalNodes } from '../../../lang/ast/equal.ts';
import { moveNode } from '../../../lang/ast/move.ts';
import type { Module, Rule } from '../../../lang/ast/nodes.ts';
import { visit } from '../../../lang/ast/visit.ts';
import { parseModule } from '../../../lang/parse.ts';

const moving = suite('lang/ast/move');

const TEXT = `package a

p[x].y := $"{x} of {count(q)}" if {
	some x, y in {"k": [1, {2}]}
	every z in y { not z == 3 }
} else := {k: v | some k, v in input} if f(x) with input as 3
`;

function parsed(text: string): Module {
  const { module } = parseModule({ name: 'a.policy', text });
  if (module === undefined) throw new Error('the text has no package');
  return module;
}

function ruleOf(text: string): Rule {
  const [rule] = parsed(text).rules;
  if (rule === undefined) throw new Error('the text has no rule');
  return rule;
}

moving('a rule that is moved is the rule that is read there', () => {
  const rule = ruleOf(TEXT);
  const moved = moveNode(rule, 7);
  assert.equal(moved, ruleOf(TEXT.replace('\n\n', '\n\n# line\n')));
  assert.ok(equalNodes(moved, rule));
});

moving('nothing of the rule itself changes, and by nothing it is the same', () => {
  const rule = ruleOf(TEXT);
  moveNode(rule, 7);
  assert.equal(rule, ruleOf(TEXT));
  assert.is(moveNode(rule, 0), rule);
});

moving('no node below is shared', () => {
  const rule = ruleOf(TEXT);
  const nodes = new Set<unknown>();
  visit(rule, { enter: (node) => void nodes.add(node) });
  let shared = 0;
  visit(moveNode(rule, 1), {
    enter: (node) => {
      shared += nodes.has(node) ? 1 : 0;
      return undefined;
    },
  });
  assert.is(shared, 0);
  assert.ok(nodes.size > 30);
});

moving.run();
